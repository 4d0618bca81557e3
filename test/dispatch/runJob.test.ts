import { describe, expect, it } from 'vitest';
import { keepCall } from '../../src/dispatch/keepCall.ts';
import { createProcessMemory } from '../../src/dispatch/processMemory.ts';
import { createProcessQueue } from '../../src/dispatch/processQueue.ts';
import { RetryLater } from '../../src/dispatch/retryLater.ts';
import { createRunJob } from '../../src/dispatch/runJob.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { sleep } from '../../src/time/sleep.ts';
import { FakeLiveKit } from '../support/fakeLiveKit.ts';
import { VirtualClock } from '../support/virtualClock.ts';

function build(metadata?: { key: string; value: string | undefined }) {
  const clock = new VirtualClock();
  const world = new FakeLiveKit(clock);
  const process = world.process();
  const run = createRunJob({
    rooms: { name: undefined, metadata },
    directory: world,
    memory: createProcessMemory({ clock }),
    placement: process,
    log,
  });
  const start = (sid: string, attempt = 1, signal = new AbortController().signal) =>
    run({ room: 'den', roomSid: sid, source: 'webhook', requestedAt: 0 }, { signal, attempt });
  return { clock, world, process, start };
}

it('a first run leaves a room with an agent for good; a later one comes back until that is gone', async () => {
  const { world, process, start } = build();
  world.join('den', 'agent-of-the-dead-server', 'agent');
  const sid = world.join('den', 'ada');
  await start(sid, 1);
  // Otherwise a room would be forgotten whose server died a moment ago.
  const again = start(sid, 2);
  await expect(again).rejects.toBeInstanceOf(RetryLater);
  expect(process.joined).toEqual([]);
});

it('is over at once for a session of the room that is over, and for a room that is not ours', async () => {
  const { world, process, start } = build({ key: 'agent', value: undefined });
  const sid = world.join('den', 'ada');
  await start('RM_of_yesterday');
  await start(sid);
  expect(process.joined).toEqual([]);
});

it('lasts as long as the call', async () => {
  const { clock, world, process, start } = build();
  const sid = world.join('den', 'ada');
  let over = false;
  const running = start(sid).then(() => {
    over = true;
  });
  await clock.advance(60_000);
  expect([process.joined, over]).toEqual([['den'], false]);
  world.leave('den', 'ada');
  await clock.advance(10_000);
  await running;
  expect(over).toBe(true);
});

describe('when the server is drained, the room is for another one, at once', () => {
  const atOnce = { name: 'RetryLater', afterMs: 0 };

  it('before the job began', async () => {
    const { world, process, start } = build();
    const sid = world.join('den', 'ada');
    await expect(start(sid, 1, AbortSignal.abort())).rejects.toMatchObject(atOnce);
    expect(process.joined).toEqual([]);
  });

  it('during the join', async () => {
    const { clock, world, process, start } = build();
    const sid = world.join('den', 'ada');
    const stop = new AbortController();
    const running = start(sid, 1, stop.signal);
    const given = expect(running).rejects.toMatchObject(atOnce);
    await clock.advance(50);
    stop.abort();
    await clock.advance(0);
    await given;
    expect(process.joined).toEqual([]);
  });

  it.each([
    ['alone', 'somebody came as the call ended', { status: 'rejected', reason: atOnce }],
    ['hungUp', 'everybody has had a call', { status: 'fulfilled' }],
  ] as const)('after a call that ended as %s: %s', async (why, _case, how) => {
    const { clock, world, process, start } = build();
    const stop = new AbortController();
    const running = Promise.allSettled([start(world.join('den', 'ada'), 1, stop.signal)]);
    await clock.advance(1_000);
    stop.abort();
    process.end('den', { why });
    expect(await running).toMatchObject([how]);
    expect(process.joined).toEqual(['den']);
  });
});

it('a call that is lost with its machine goes on with an apology; the next one in that room begins plainly', async () => {
  const clock = new VirtualClock();
  const world = new FakeLiveKit(clock);
  const sid = world.join('den', 'ada');
  const placed: (boolean | undefined)[] = [];
  const run = createRunJob({
    rooms: { name: undefined, metadata: undefined },
    directory: world,
    memory: createProcessMemory({ clock }),
    placement: {
      capacity: 1,
      async place({ wasLost }) {
        placed.push(wasLost);
        if (placed.length === 2) world.leave('den', 'ada');
        const ended = Promise.resolve({ why: 'alone' } as const);
        return { ended, hangUp: async () => {} };
      },
    },
    log,
  });
  const job = { room: 'den', roomSid: sid, source: 'webhook', requestedAt: 0 } as const;
  await run(job, { signal: new AbortController().signal, attempt: 2, wasLost: true });
  expect(placed).toEqual([true, undefined]);
});

it('a call that ends every worker is given up: its people get no other one, who comes later does', async () => {
  const clock = new VirtualClock();
  const world = new FakeLiveKit(clock);
  let legs = 0;
  const begin = async () => {
    legs++;
    const ended = sleep(clock, 1_000).then(() => ({ why: 'lost', reason: 'signal SIGSEGV' }) as const);
    return { ended, hangUp: async () => {} };
  };
  const stopping = new AbortController().signal;
  const run = createRunJob({
    rooms: { name: undefined, metadata: undefined },
    directory: world,
    memory: createProcessMemory({ clock }),
    placement: {
      capacity: 1,
      place: ({ room }, signal) => keepCall({ room, begin, clock, log, stopping }, signal),
    },
    log,
  });
  const queue = createProcessQueue({ clock, log });
  queue.start(run, 1);
  const job = { room: 'den', roomSid: world.join('den', 'ada'), source: 'webhook', requestedAt: 0 } as const;
  await queue.add(job);
  await clock.advance(3_600_000);
  expect(legs).toBe(4);
  expect(await queue.held([job.roomSid])).toEqual(new Set());
  await queue.add(job);
  await clock.advance(60_000);
  expect(legs).toBe(4);
  world.join('den', 'bob');
  await queue.add(job);
  await clock.advance(500);
  expect(legs).toBe(5);
});
