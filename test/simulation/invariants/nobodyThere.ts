import type { PlayedFrame } from '../world/simOutput.ts';
import type { SimRoom } from '../world/simRoom.ts';
import type { Fail, Invariant } from './invariant.ts';

/** What had left for the room when the last person went, ms. */
const UNDER_WAY_MS = 80;

/** Nothing is said to an empty room. */
export function nobodyThere(room: SimRoom, fail: Fail): Invariant {
  return {
    played({ startMs }: PlayedFrame) {
      if (room.emptySinceMs !== undefined && startMs > room.emptySinceMs + UNDER_WAY_MS) {
        fail('we speak, and nobody is there');
      }
    },
  };
}
