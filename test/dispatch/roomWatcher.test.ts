import { afterEach, describe, expect, it } from 'vitest';
import { createRoomWatcher, type RoomWatcher } from '../../src/dispatch/roomWatcher.ts';
import { VoiceAgentError } from '../../src/errors.ts';
import type { ListedRoom } from '../../src/room/roomDirectory.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const person = (sid: string) => ({ identity: sid, sid, kind: 'person' }) as const;
const kitchen = (...people: string[]): ListedRoom => ({
  name: 'kitchen',
  sid: 'RM_1',
  participants: people.map(person),
});

function build() {
  const clock = new VirtualClock();
  const world: { rooms: ListedRoom[]; error?: Error } = { rooms: [] };
  const calls: Array<{ name: string; end: () => void; fail: (error: Error) => void }> = [];
  const warnings: string[] = [];
  const infos: string[] = [];
  let asked = 0;
  const watcher = createRoomWatcher({
    livekit: { url: 'ws://host', apiKey: 'k', apiSecret: 's' },
    clock,
    log: {
      debug() {},
      info: (message) => infos.push(message),
      warn: (message) => warnings.push(message),
    },
    directory: {
      async list() {
        asked++;
        if (world.error !== undefined) throw world.error;
        return world.rooms;
      },
    },
    onRoom: ({ name }) =>
      new Promise((resolve, reject) => {
        calls.push({ name, end: resolve, fail: reject });
      }),
  });
  running.push(watcher);
  return { clock, world, calls, warnings, infos, watcher, asked: () => asked };
}

const running: RoomWatcher[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((watcher) => watcher.stop()));
});

describe('the room watcher', () => {
  it('offers a room once, and again only when somebody new comes after the call', async () => {
    const { clock, world, calls } = build();
    await clock.advance(10_000);
    expect(calls).toHaveLength(0);
    world.rooms = [kitchen('ada')];
    await clock.advance(20_000);
    expect(calls.map((call) => call.name)).toEqual(['kitchen']);
    calls[0]?.end();
    await clock.advance(20_000);
    expect(calls).toHaveLength(1);
    world.rooms = [kitchen('ada', 'bob')];
    await clock.advance(2000);
    expect(calls).toHaveLength(2);
  });

  it('looks every two seconds', async () => {
    const { clock, asked } = build();
    await clock.advance(20_000);
    expect(asked()).toBe(11);
  });

  it('reports an unreachable server once, asks ever less often, and says when it is back', async () => {
    const { clock, world, warnings, infos, calls, asked } = build();
    world.error = new VoiceAgentError('VA_ROOM_UNREACHABLE', 'LiveKit … check LIVEKIT_URL', {
      retryable: true,
    });
    await clock.advance(600_000);
    expect(warnings).toEqual(['LiveKit … check LIVEKIT_URL']);
    expect(asked()).toBeGreaterThan(15);
    expect(asked()).toBeLessThan(30);
    delete world.error;
    world.rooms = [kitchen('ada')];
    await clock.advance(30_000);
    expect(calls).toHaveLength(1);
    expect(infos).toEqual(['LiveKit answers again']);
  });

  it('tries a room again whose call could not be started, later each time', async () => {
    const { clock, world, calls, warnings } = build();
    world.rooms = [kitchen('ada')];
    await clock.advance(2000);
    const gaps: number[] = [];
    for (let i = 0; i < 4; i++) {
      const before = clock.now();
      calls[i]?.fail(new Error('no track'));
      while (calls.length === i + 1 && clock.now() - before < 120_000) await clock.advance(1000);
      gaps.push(clock.now() - before);
    }
    expect(calls).toHaveLength(5);
    expect(gaps[3]).toBeGreaterThan((gaps[0] ?? 0) + 4000);
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toContain('no track');
  });

  it('offers nothing after stop(), though a question was on its way', async () => {
    const { clock, world, calls, watcher } = build();
    world.rooms = [kitchen('ada')];
    const stopping = watcher.stop();
    await clock.advance(60_000);
    await stopping;
    expect(calls).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });
});
