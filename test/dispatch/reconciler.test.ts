import { afterEach, describe, expect, it } from 'vitest';
import { createProcessMemory } from '../../src/dispatch/processMemory.ts';
import { createProcessQueue } from '../../src/dispatch/processQueue.ts';
import { reconcile } from '../../src/dispatch/reconciler.ts';
import { VoiceAgentError } from '../../src/errors.ts';
import type { RoomDirectory } from '../../src/room/roomDirectory.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { FakeLiveKit } from '../support/fakeLiveKit.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

function build(options: { intervalMs?: number; servers?: number; name?: RegExp } = {}) {
  const clock = new VirtualClock();
  const world = new FakeLiveKit(clock);
  const fault: { error?: Error } = {};
  let looks = 0;
  const directory: RoomDirectory = {
    async rooms() {
      looks++;
      if (fault.error) throw fault.error;
      return world.rooms();
    },
    look: (name) => world.look(name),
    participants: (rooms) => world.participants(rooms),
    remove: (room, identity) => world.remove(room, identity),
  };
  const queue = createProcessQueue({ clock, log: silentLogger });
  const memory = createProcessMemory({ clock });
  const offered: string[] = [];
  queue.start(async (job) => {
    offered.push(job.room);
    await new Promise(() => {});
  }, 100);
  const said: string[] = [];
  const note = (message: string) => void said.push(message);
  const stop = new AbortController();
  stops.push(stop);
  for (let i = 0; i < (options.servers ?? 1); i++) {
    void reconcile(
      {
        rooms: { name: options.name, metadata: undefined },
        directory,
        queue,
        memory,
        intervalMs: () => options.intervalMs ?? 2_000,
        onMissed: () => {},
        clock,
        log: { debug: () => {}, info: note, warn: note },
      },
      stop.signal,
    );
  }
  return { clock, world, offered, said, fault, memory, stop, looks: () => looks };
}

describe('the reconciler', () => {
  it('finds a room with a person within its interval, and offers it once', async () => {
    const { clock, world, offered } = build();
    await clock.advance(10_000);
    world.join('den', 'ada');
    await clock.advance(2_000);
    expect(offered).toEqual(['den']);
    await clock.advance(60_000);
    expect(offered).toEqual(['den']);
  });

  it('passes over rooms that are not ours, that are attended, or where everybody has had a call', async () => {
    const { clock, world, offered, memory } = build({ name: /^den.*$/ });
    world.join('hall', 'ada');
    world.join('den-attended', 'ada');
    world.join('den-attended', 'bot', 'agent');
    const sid = world.join('den-served', 'ada');
    const ada = (await world.look('den-served'))?.participants[0]?.sid ?? '';
    await memory.markServed(sid, [ada]);
    await clock.advance(10_000);
    expect(offered).toEqual([]);
  });

  it('several servers with one memory look no more often than one', async () => {
    const { clock, looks } = build({ servers: 5, intervalMs: 30_000 });
    await clock.advance(300_000);
    expect(looks()).toBe(11);
  });

  it('reports an unreachable server once, asks ever less often, and says when it is back', async () => {
    const { clock, world, said, fault, offered, looks } = build();
    fault.error = new VoiceAgentError('VA_ROOM_UNREACHABLE', 'LiveKit … check LIVEKIT_URL');
    await clock.advance(600_000);
    expect(said).toEqual(['LiveKit … check LIVEKIT_URL']);
    expect(looks()).toBeGreaterThan(15);
    expect(looks()).toBeLessThan(30);
    delete fault.error;
    world.join('den', 'ada');
    await clock.advance(30_000);
    expect(offered).toEqual(['den']);
    expect(said[1]).toBe('LiveKit answers again');
  });

  it('removes an agent of ours that nobody holds and that stays alone; never another, never beside people', async () => {
    const { clock, world } = build();
    const stuck = (name: string) => world.join(name, `agent-${world.open(name).sid}-1234`, 'agent');
    stuck('alone');
    stuck('attended');
    world.join('attended', 'ada');
    world.join('theirs', 'agent-AJ_other', 'agent');
    await clock.advance(55_000);
    expect(['alone', 'attended', 'theirs'].map((name) => world.agents(name))).toEqual([1, 1, 1]);
    await clock.advance(10_000);
    expect(['alone', 'attended', 'theirs'].map((name) => world.agents(name))).toEqual([0, 1, 1]);
  });

  it('stops at once, though a look is on its way', async () => {
    const { clock, world, offered, stop } = build();
    world.join('den', 'ada');
    stop.abort();
    await clock.advance(60_000);
    expect(offered).toEqual([]);
  });
});
