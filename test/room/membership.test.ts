import { describe, expect, it } from 'vitest';
import { Membership } from '../../src/room/membership.ts';
import type { RoomParticipant } from '../../src/room/room.ts';
import { VirtualClock } from '../support/virtualClock.ts';

function build() {
  const clock = new VirtualClock();
  const events: string[] = [];
  const link = { reconnecting: false };
  const members = new Membership({
    clock,
    reconnecting: () => link.reconnecting,
    onJoined: ({ identity, sid }) => events.push(`joined ${identity} ${sid}`),
    onLeft: ({ identity, sid }) => events.push(`left ${identity} ${sid}`),
  });
  return { clock, events, link, members };
}

const ada = (sid: string): RoomParticipant => ({ identity: 'ada', sid, name: 'Ada', kind: 'person' });

describe('Membership', () => {
  it('reports a departure that was meant at once', () => {
    const { members, events } = build();
    members.arrived(ada('PA_1'));
    members.departed('ada', 'PA_1', 0);
    expect(events).toEqual(['joined ada PA_1', 'left ada PA_1']);
    expect(members.list()).toEqual([]);
  });

  it('says nothing of somebody who vanishes and returns as a new connection', async () => {
    const { members, events, clock } = build();
    members.arrived(ada('PA_1'));
    members.departed('ada', 'PA_1', 3000);
    await clock.advance(2000);
    expect(members.list()).toHaveLength(1);
    members.arrived(ada('PA_2'));
    await clock.advance(60_000);
    expect(events).toEqual(['joined ada PA_1']);
    expect(members.get('ada')?.sid).toBe('PA_2');
  });

  it('reports somebody who vanished and stays away', async () => {
    const { members, events, clock } = build();
    members.arrived(ada('PA_1'));
    members.departed('ada', 'PA_1', 3000);
    await clock.advance(10_000);
    expect(events).toEqual(['joined ada PA_1', 'left ada PA_1']);
  });

  it('declares nobody gone while we ourselves reconnect', async () => {
    const { members, events, clock, link } = build();
    members.arrived(ada('PA_1'));
    link.reconnecting = true;
    members.departed('ada', 'PA_1', 3000);
    await clock.advance(40_000);
    expect(events).toEqual(['joined ada PA_1']);
    link.reconnecting = false;
    await clock.advance(10_000);
    expect(events).toEqual(['joined ada PA_1', 'left ada PA_1']);
  });

  it('ignores the late word about an older connection', () => {
    const { members, events } = build();
    members.arrived(ada('PA_1'));
    members.arrived(ada('PA_2'));
    members.departed('ada', 'PA_1', 0);
    expect(events).toEqual(['joined ada PA_1']);
    expect(members.list()).toHaveLength(1);
  });

  it('knows a sender whose words came before the news of them', async () => {
    const { members, events, clock } = build();
    const sender = members.known('ada');
    await clock.advance(3000);
    members.arrived(ada('PA_1'));
    expect(await sender).toEqual(ada('PA_1'));
    expect(events).toEqual(['joined ada PA_1']);
    expect(await members.known('ada')).toEqual(ada('PA_1'));
    expect(clock.pending).toBe(0);
  });

  it('stops waiting for a sender who never comes', async () => {
    const { members, clock } = build();
    const sender = members.known('nobody');
    await clock.advance(60_000);
    expect(await sender).toBeUndefined();
    const other = members.known('nobody');
    members.close();
    expect(await other).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer behind', () => {
    const { members, clock } = build();
    members.arrived(ada('PA_1'));
    members.departed('ada', 'PA_1', 3000);
    members.close();
    expect(clock.pending).toBe(0);
  });
});
