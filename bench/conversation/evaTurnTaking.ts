/** A turn as EVA's code-based metric sees it; ms. */
export type EvaTurn =
  | { readonly type: 'answered'; readonly latencyMs: number }
  | { readonly type: 'callerInterrupted'; readonly yieldMs: number }
  | {
      readonly type: 'agentInterrupted';
      readonly overlapMs: number;
      readonly barges: number;
      /** The end of the caller's speech → the first agent segment that begins after it. */
      readonly settledMs: number | undefined;
    };

export const EVA_SOURCE =
  'ServiceNow/eva, docs/metrics/turn_taking.md at 997ae97: mean of the scores of the turns';

const EARLIEST_MS = -500;
const SWEET_FROM_MS = 500;
const SWEET_TO_MS = 2_000;
const LATEST_MS = 3_500;
const LONGEST_YIELD_MS = 2_000;
const LONGEST_OVERLAP_MS = 2_000;
const MOST_BARGES = 3;
/** Interrupting the user is never free. */
const INTERRUPTED = 0.5;

/** EVA's score of one turn without a tool call, 0 to 1. */
export function evaTurnScore(turn: EvaTurn): number {
  switch (turn.type) {
    case 'answered':
      return latencyScore(turn.latencyMs);
    case 'callerInterrupted':
      return Math.max(0, 1 - Math.max(0, turn.yieldMs) / LONGEST_YIELD_MS);
    case 'agentInterrupted': {
      const overlap = Math.max(0, INTERRUPTED * (1 - turn.overlapMs / LONGEST_OVERLAP_MS));
      const count = Math.max(0, INTERRUPTED * (1 - (turn.barges - 1) / (MOST_BARGES - 1)));
      const settled = turn.settledMs === undefined ? 1 : latencyScore(turn.settledMs);
      return Math.min(overlap, count, settled);
    }
  }
}

function latencyScore(ms: number): number {
  if (ms <= EARLIEST_MS || ms >= LATEST_MS) return 0;
  if (ms < SWEET_FROM_MS) return (ms - EARLIEST_MS) / (SWEET_FROM_MS - EARLIEST_MS);
  if (ms <= SWEET_TO_MS) return 1;
  return (LATEST_MS - ms) / (LATEST_MS - SWEET_TO_MS);
}
