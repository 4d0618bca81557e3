import type { Item } from './transcript.ts';

/** What the replier knows when it answers. */
export interface Scene {
  readonly items: readonly Item[];
  /** Names of the tools that the request offers. */
  readonly tools: ReadonlySet<string>;
}
