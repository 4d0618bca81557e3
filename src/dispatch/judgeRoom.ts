import type { ListedRoom } from '../room/roomDirectory.ts';

/**
 * `call`: it gets an agent. `empty`: nobody to talk to. `attended`: an agent is there, ours or another. `served`:
 * everybody there has had a call already.
 */
export type RoomVerdict = 'call' | 'empty' | 'attended' | 'served';

/**
 * What LiveKit's list of a room means for us. Pure. `served`: SIDs of the people who had a call in this session of the
 * room, undefined when none was held. At first somebody who is still connecting counts, because that saves the caller
 * a wait; once a call found nobody, only those who have arrived do.
 */
export function judgeRoom(room: ListedRoom, served: ReadonlySet<string> | undefined): RoomVerdict {
  const people = room.participants.filter((one) => one.kind === 'person');
  if (people.length === 0) return 'empty';
  if (room.participants.some((one) => one.kind === 'agent')) return 'attended';
  if (served === undefined) return 'call';
  return people.some((one) => one.active && !served.has(one.sid)) ? 'call' : 'served';
}
