import { describe, expect, it } from 'vitest';
import { pickRooms, type RoomMemory } from '../../src/dispatch/pickRooms.ts';
import type { ListedRoom } from '../../src/room/roomDirectory.ts';

const SID = 'RM_1';
const person = (sid: string) => ({ identity: `id-${sid}`, sid, kind: 'person' }) as const;
const agent = { identity: 'agent-1', sid: 'PA_agent', kind: 'agent' } as const;
const recorder = { identity: 'egress', sid: 'PA_rec', kind: 'other' } as const;
const room = (...participants: ListedRoom['participants']): ListedRoom => ({
  name: 'kitchen',
  sid: SID,
  participants,
});
const seen = (...sids: string[]) => new Set(sids);

interface Case {
  readonly what: string;
  readonly rooms: readonly ListedRoom[];
  readonly before?: RoomMemory;
  readonly now?: number;
  readonly starts: boolean;
  readonly after?: RoomMemory;
}

const CASES: readonly Case[] = [
  {
    what: 'starts for a person alone',
    rooms: [room(person('a'))],
    starts: true,
    after: { status: 'calling', seen: seen('a') },
  },
  {
    what: 'starts once for two people',
    rooms: [room(person('a'), person('b'))],
    starts: true,
    after: { status: 'calling', seen: seen('a', 'b') },
  },
  { what: 'leaves a room alone that has an agent', rooms: [room(person('a'), agent)], starts: false },
  { what: 'leaves a room alone that holds a recorder only', rooms: [room(recorder)], starts: false },
  { what: 'leaves an empty room alone', rooms: [room()], starts: false },
  {
    what: 'never starts a second call while one is on, and notes who comes',
    rooms: [room(person('a'), person('b'))],
    before: { status: 'calling', seen: seen('a') },
    starts: false,
    after: { status: 'calling', seen: seen('a', 'b') },
  },
  {
    what: 'remembers a call whose room is gone from the list until the call ends',
    rooms: [],
    before: { status: 'calling', seen: seen('a') },
    starts: false,
    after: { status: 'calling', seen: seen('a') },
  },
  {
    what: 'does not call back somebody whose call ended',
    rooms: [room(person('a'))],
    before: { status: 'ended', seen: seen('a', 'b') },
    starts: false,
    after: { status: 'ended', seen: seen('a', 'b') },
  },
  {
    what: 'starts again for somebody new',
    rooms: [room(person('a'), person('c'))],
    before: { status: 'ended', seen: seen('a') },
    starts: true,
    after: { status: 'calling', seen: seen('a', 'c') },
  },
  {
    what: 'waits while the agent of the ended call is still listed',
    rooms: [room(person('c'), agent)],
    before: { status: 'ended', seen: seen('a') },
    starts: false,
    after: { status: 'ended', seen: seen('a') },
  },
  {
    what: 'forgets a room that is gone',
    rooms: [],
    before: { status: 'ended', seen: seen('a') },
    starts: false,
  },
  {
    what: 'waits before it tries a failed call again',
    rooms: [room(person('a'))],
    before: { status: 'failed', retryAt: 5000 },
    now: 4999,
    starts: false,
    after: { status: 'failed', retryAt: 5000 },
  },
  {
    what: 'tries a failed call again when it is time',
    rooms: [room(person('a'))],
    before: { status: 'failed', retryAt: 5000 },
    now: 5000,
    starts: true,
    after: { status: 'calling', seen: seen('a') },
  },
];

describe('pickRooms', () => {
  it.each(CASES)('$what', ({ rooms, before, now = 0, starts, after }) => {
    const memories = new Map(before === undefined ? [] : [[SID, before]]);
    const pick = pickRooms(rooms, memories, now);
    expect(pick.start).toEqual(starts ? [{ name: 'kitchen', sid: SID }] : []);
    expect(pick.memories).toEqual(new Map(after === undefined ? [] : [[SID, after]]));
  });

  it('takes a room of the same name with a new SID for a new room', () => {
    const memories = new Map<string, RoomMemory>([['RM_old', { status: 'calling', seen: seen('a') }]]);
    const pick = pickRooms([room(person('a'))], memories, 0);
    expect(pick.start).toEqual([{ name: 'kitchen', sid: SID }]);
    expect([...pick.memories.keys()].toSorted()).toEqual([SID, 'RM_old']);
  });
});
