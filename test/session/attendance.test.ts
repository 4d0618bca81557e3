import { beforeEach, describe, expect, it } from 'vitest';
import type { RoomParticipant } from '../../src/room/room.ts';
import { Attendance } from '../../src/session/attendance.ts';
import { SimOutput } from '../simulation/world/simOutput.ts';
import { SimRoom } from '../simulation/world/simRoom.ts';
import { SimTasks } from '../simulation/world/simTasks.ts';
import { VirtualClock } from '../support/virtualClock.ts';

describe('whom a call serves', () => {
  let clock: VirtualClock;
  let room: SimRoom;
  let tasks: SimTasks;
  let seen: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    room = new SimRoom(new SimOutput(clock, () => {}), clock);
    tasks = new SimTasks();
    seen = [];
    const attendance = new Attendance({
      room,
      tasks,
      taskOwner: 'identity',
      clock,
      onServing: ({ identity }, isOther) => seen.push(isOther ? `${identity} in their place` : identity),
      onDeparted: () => seen.push('gone'),
      onAlone: () => seen.push('alone'),
      onTask: ({ description }) => seen.push(description),
      onRunning: () => {},
    });
    room.on('participantJoined', () => attendance.look());
    room.on('participantLeft', (left: RoomParticipant) => attendance.left(left));
  });

  it('the first who comes, and the same one again', async () => {
    const anna = room.join('anna');
    room.depart(anna);
    await clock.advance(2_000);
    room.join('anna');
    await clock.advance(10_000);
    expect(seen).toEqual(['anna', 'gone', 'anna']);
  });

  it('the next one when the first has left, who hears of their own tasks', async () => {
    const anna = room.join('anna');
    room.join('ben');
    room.depart(anna);
    tasks.finish('anna', { jobId: 'a', description: "anna's plan", status: 'completed' });
    tasks.finish('ben', { jobId: 'b', description: "ben's plan", status: 'completed' });
    await clock.advance(1_000);
    expect(seen).toEqual(['anna', 'gone', 'ben in their place', "ben's plan"]);
  });

  it('nobody, when nobody has come back in time', async () => {
    room.depart(room.join('anna'));
    await clock.advance(2_900);
    expect(seen).toEqual(['anna', 'gone']);
    await clock.advance(200);
    expect(seen).toEqual(['anna', 'gone', 'alone']);
  });
});
