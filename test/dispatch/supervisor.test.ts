import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallJob } from '../../src/dispatch/callJob.ts';
import type { PlacedCall } from '../../src/dispatch/callPlacement.ts';
import { forkWorker } from '../../src/dispatch/forkWorker.ts';
import { Supervisor, type SupervisorOptions } from '../../src/dispatch/supervisor.ts';
import type { WorkerChannel } from '../../src/dispatch/workerHandle.ts';
import { readFromWorker, type ToWorker } from '../../src/dispatch/workerMessage.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { waitUntil } from '../support/waitUntil.ts';

const WAIT_MS = 20_000;
const never = new AbortController().signal;
const job = (room: string): CallJob => ({ room, source: 'cli', requestedAt: 0 });
const supervisors: Supervisor[] = [];

function fakeWorker(busy = 0): WorkerChannel {
  return forkWorker({
    module: fileURLToPath(new URL('./fakeWorker.mjs', import.meta.url)),
    args: [String(busy)],
    execArgv: [],
    env: {},
  });
}

/** One whose orders to begin a call are told of. */
function watchedWorker(onBegin: (order: Extract<ToWorker, { type: 'begin' }>) => void): WorkerChannel {
  const channel = fakeWorker();
  return {
    ...channel,
    send(message) {
      if (message.type === 'begin') onBegin(message);
      channel.send(message);
    },
  };
}

/** Real processes, which hold no real calls. */
async function supervise(options: Partial<SupervisorOptions> = {}) {
  const ghosts: string[] = [];
  const supervisor = new Supervisor({
    workers: 2,
    perWorker: 3,
    memoryMb: 1_000,
    heartbeatMs: 2_000,
    clock: systemClock,
    log: silentLogger,
    onGhost: (room, identity) => ghosts.push(`${identity} in ${room}`),
    spawn: () => fakeWorker(),
    ...options,
  });
  supervisors.push(supervisor);
  await supervisor.ready(never);
  return { supervisor, ghosts };
}

afterEach(() => {
  for (const supervisor of supervisors.splice(0)) supervisor.kill();
});

const spread = (supervisor: Supervisor) =>
  supervisor.workers
    .filter(({ status }) => status === 'ready')
    .map(({ calls }) => calls)
    .sort();
const holder = (supervisor: Supervisor) => supervisor.workers.find(({ calls }) => calls > 0);

describe('calls over worker processes', () => {
  it('go to the worker with the fewest, and no further than each may hold', async () => {
    const { supervisor } = await supervise();
    for (const room of ['a', 'b', 'c', 'd']) await supervisor.place(job(room), never);
    expect(spread(supervisor)).toEqual([2, 2]);
    await Promise.all([supervisor.place(job('e'), never), supervisor.place(job('f'), never)]);
    expect(supervisor.isReady).toBe(false);
    await expect(supervisor.place(job('g'), never)).rejects.toMatchObject({
      code: 'VA_CALLS_FULL',
      retryable: true,
    });
  });

  it('a worker that takes no more, however few it has, counts as full', async () => {
    const busy = [0.1, 0.5, 0.95];
    const { supervisor } = await supervise({ workers: 3, spawn: () => fakeWorker(busy.shift()) });
    await waitUntil('the load of all is known', () => supervisor.workers.every((worker) => worker.busy > 0));
    expect(supervisor.capacity).toBe(9);
    expect(supervisor.places).toBe(6);
  });

  it('a call that a worker refuses is refused, and its place is free again', async () => {
    const { supervisor } = await supervise({ workers: 1, perWorker: 1 });
    await expect(supervisor.place(job('refused'), never)).rejects.toMatchObject({
      code: 'VA_ROOM_AUTH',
      message: 'no such room',
    });
    const call = await supervisor.place(job('a'), never);
    await call.hangUp();
    expect(await call.ended).toEqual({ why: 'hungUp' });
  });

  it('kill -9 of a worker: its calls go on in another one, with what was said, and its ghosts are told of', async () => {
    const histories: unknown[] = [];
    let handedOver = false;
    const spawn = () => {
      const channel = watchedWorker(({ resumed }) => histories.push(resumed?.history));
      channel.onMessage((message) => {
        handedOver ||= readFromWorker(message).type === 'handover';
      });
      return channel;
    };
    const { supervisor, ghosts } = await supervise({ spawn });
    const call = await supervisor.place(job('a'), never);
    const victim = holder(supervisor)?.pid ?? 0;
    await waitUntil('the history has come', () => handedOver);
    process.kill(victim, 'SIGKILL');
    await waitUntil('it goes on', () => (holder(supervisor)?.pid ?? victim) !== victim, WAIT_MS);
    expect(ghosts).toEqual([`agent-${victim} in a`]);
    expect(histories).toEqual([undefined, [{ kind: 'user', text: `a at ${victim}` }]]);
    await waitUntil('the dead worker is replaced', () => spread(supervisor).length === 2, WAIT_MS);
    await call.hangUp();
    expect(await call.ended).toEqual({ why: 'hungUp' });
  });

  it('a call whose job was lost with its machine begins as one that goes on', async () => {
    const resumed: boolean[] = [];
    const spawn = () => watchedWorker((order) => resumed.push(order.resumed !== undefined));
    const { supervisor } = await supervise({ spawn });
    await supervisor.place({ ...job('a'), wasLost: true }, never);
    await supervisor.place(job('b'), never);
    expect(resumed).toEqual([true, false]);
  });

  it('a worker in an unknown state hands its calls over, gets none any more, and is replaced', async () => {
    const { supervisor, ghosts } = await supervise();
    const call = await supervisor.place(job('breaks'), never);
    const broken = holder(supervisor)?.pid;
    await waitUntil('it goes on', () => ![undefined, broken].includes(holder(supervisor)?.pid), WAIT_MS);
    await waitUntil(
      'the broken one is replaced',
      () => spread(supervisor).length === 2 && supervisor.workers.every(({ pid }) => pid !== broken),
      WAIT_MS,
    );
    expect(spread(supervisor)).toEqual([0, 1]);
    expect(ghosts).toEqual([]);
    await call.hangUp();
  });

  it('a worker that hangs is killed, and its call goes on', async () => {
    const { supervisor } = await supervise();
    await supervisor.place(job('hang'), never);
    const victim = holder(supervisor)?.pid ?? 0;
    await waitUntil('it goes on', () => (holder(supervisor)?.pid ?? victim) !== victim, WAIT_MS);
    expect(() => process.kill(victim, 0)).toThrow();
  });

  it('a call that kills every worker is given up, and the others are served', async () => {
    const { supervisor } = await supervise();
    const call = await supervisor.place(job('poison'), never);
    expect(await call.ended).toMatchObject({
      why: 'givenUp',
      reason: expect.stringContaining('again and again'),
    });
    const other = await supervisor.place(job('a'), never);
    await other.hangUp();
  }, 60_000);

  it('a restart replaces every worker and hands over what still runs at the limit', async () => {
    const { supervisor } = await supervise();
    const call = await supervisor.place(job('a'), never);
    const before = new Set(supervisor.workers.map(({ pid }) => pid));
    await supervisor.restart(200);
    await waitUntil(
      'the old ones are gone',
      () => supervisor.workers.every(({ pid }) => !before.has(pid)),
      WAIT_MS,
    );
    expect(spread(supervisor)).toEqual([0, 1]);
    await call.hangUp();
    expect(await call.ended).toEqual({ why: 'hungUp' });
  });

  it('a restart moves each call once: none goes to a worker whose turn is still to come', async () => {
    const begun: { readonly room: string; readonly worker: number }[] = [];
    let workers = 0;
    const spawn = () => {
      const worker = workers++;
      return watchedWorker(({ job }) => begun.push({ room: job.room, worker }));
    };
    const { supervisor } = await supervise({ spawn });
    const calls = new Map<string, PlacedCall>();
    for (const room of ['a', 'b', 'c', 'd']) calls.set(room, await supervisor.place(job(room), never));
    // The second worker has nothing to do then: but for the restart it would be the one to take a call.
    const roomsOf = (one: number) => begun.filter(({ worker }) => worker === one).map(({ room }) => room);
    const kept = roomsOf(0);
    await Promise.all(roomsOf(1).map((room) => calls.get(room)?.hangUp()));
    await waitUntil('one is idle', () => Math.min(...spread(supervisor)) === 0, WAIT_MS);
    const before = new Set(supervisor.workers.map(({ pid }) => pid));
    await supervisor.restart(0);
    await waitUntil(
      'the old ones are gone',
      () => supervisor.workers.every(({ pid }) => !before.has(pid)),
      WAIT_MS,
    );
    await waitUntil('both go on', () => spread(supervisor).reduce((sum, n) => sum + n, 0) === 2, WAIT_MS);
    const again = begun.slice(4).map(({ room }) => room);
    expect(again.sort()).toEqual(kept.sort());
  });

  it('a drain takes no new calls, waits for the running ones, and ends every process', async () => {
    const { supervisor } = await supervise();
    const call = await supervisor.place(job('a'), never);
    const drained = supervisor.drain(60_000);
    expect(supervisor.isReady).toBe(false);
    await expect(supervisor.place(job('b'), never)).rejects.toThrow();
    await call.hangUp();
    await drained;
    expect(supervisor.workers).toEqual([]);
  });
});
