/** What dispatch remembers for a while: of one process, or of all that share a Redis. */
export interface DispatchMemory {
  /** Whether this is the first time that anybody names `key` within `ttlMs`: true for one caller only. */
  first(key: string, ttlMs: number): Promise<boolean>;
  /** SIDs of the people who had their call in this session of a room; undefined: no call was held in it. */
  served(roomSid: string): Promise<ReadonlySet<string> | undefined>;
  /** A call was held in this session of a room, and these people need no other. Adds to what is known. */
  markServed(roomSid: string, people: readonly string[]): Promise<void>;
}

/** A session of a room that has not been heard of for so long is over, ms. */
export const SERVED_TTL_MS = 24 * 3_600_000;
