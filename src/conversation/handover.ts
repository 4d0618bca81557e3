import type { History } from './history.ts';

/** As much of a call as another session needs to go on with it. Plain data: it travels between processes. */
export interface Handover {
  /** What was said and heard, word for word; nothing in it is pending. */
  readonly history: History;
  /** The caller was owed an answer, or the rest of one. */
  readonly unfinished: boolean;
  /** The caller's turns so far. */
  readonly turns: number;
  /** Job ids of the tasks whose news were told. */
  readonly told: readonly string[];
}

/** What is left of a call of which nothing is known but that it broke off. */
export const nothingKept: Handover = { history: [], unfinished: false, turns: 0, told: [] };
