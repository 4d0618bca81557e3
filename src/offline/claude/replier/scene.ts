import type { ToolParam } from '../wire.ts';
import type { Item } from './transcript.ts';

/** What the replier knows when it answers. */
export interface Scene {
  readonly items: readonly Item[];
  /** The tools that the request offers, by name. */
  readonly tools: ReadonlyMap<string, ToolParam>;
}
