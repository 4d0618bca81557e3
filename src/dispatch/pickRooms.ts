import type { ListedRoom } from '../room/roomDirectory.ts';

/** What the watcher remembers of one session of a room, by the room's SID. */
export type RoomMemory =
  /** Our call is on. `seen`: SIDs of the people who were there during it. */
  | { readonly status: 'calling'; readonly seen: ReadonlySet<string> }
  /** Our call ended. Those in `seen` had their call; somebody new starts another. */
  | { readonly status: 'ended'; readonly seen: ReadonlySet<string> }
  /** The call could not be started. */
  | { readonly status: 'failed'; readonly retryAt: number };

export type RoomMemories = ReadonlyMap<string, RoomMemory>;

export interface RoomPick {
  readonly start: ReadonlyArray<{ readonly name: string; readonly sid: string }>;
  /** Replaces the memories that went in; it holds nothing about rooms that are gone. */
  readonly memories: RoomMemories;
}

/**
 * Which rooms get an agent now: those with at least one person and no agent, ours or another, where no call of ours
 * is on, and where not everybody has had a call already. Pure; `now` in milliseconds, on the scale of `retryAt`.
 */
export function pickRooms(rooms: readonly ListedRoom[], memories: RoomMemories, now: number): RoomPick {
  const start: Array<{ name: string; sid: string }> = [];
  const next = new Map<string, RoomMemory>();
  for (const { name, sid, participants } of rooms) {
    const memory = memories.get(sid);
    const people = participants.filter((one) => one.kind === 'person').map((one) => one.sid);
    const attended = participants.some((one) => one.kind === 'agent');
    if (memory?.status === 'calling') {
      next.set(sid, { status: 'calling', seen: new Set([...memory.seen, ...people]) });
    } else if (people.length > 0 && !attended && isDue(memory, people, now)) {
      start.push({ name, sid });
      next.set(sid, { status: 'calling', seen: new Set(people) });
    } else if (memory !== undefined) {
      next.set(sid, memory);
    }
  }
  // A call outlives its room for a moment; its end must still find it.
  for (const [sid, memory] of memories) {
    if (memory.status === 'calling' && !next.has(sid)) next.set(sid, memory);
  }
  return { start, memories: next };
}

function isDue(memory: RoomMemory | undefined, people: readonly string[], now: number): boolean {
  switch (memory?.status) {
    case undefined:
      return true;
    case 'failed':
      return now >= memory.retryAt;
    case 'ended':
      return people.some((sid) => !memory.seen.has(sid));
    case 'calling':
      return false;
  }
}
