import { expect, it } from 'vitest';
import { Supervisor } from '../../src/dispatch/supervisor.ts';
import type { WorkerChannel } from '../../src/dispatch/workerHandle.ts';
import type { FromWorker, ToWorker } from '../../src/dispatch/workerMessage.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const START_MS = 1_000;
const LOAD_MS = 500;
const never = new AbortController().signal;

/** A worker without a process: how big it is, and whether it comes up, is the test's to say. */
class FakeWorker implements WorkerChannel {
  readonly pid: number;
  rssMb = 100;
  #tell: (message: FromWorker) => void = () => {};
  #left: (reason: string) => void = () => {};
  #alive = true;

  constructor(pid: number, clock: VirtualClock, comesUp: boolean) {
    this.pid = pid;
    const report = () => {
      if (!this.#alive) return;
      this.#tell({ type: 'load', load: { calls: 0, lagMs: 0, busy: 0, rssMb: this.rssMb } });
      clock.setTimer(LOAD_MS, report);
    };
    clock.setTimer(START_MS, () => {
      if (!comesUp) return this.die('exit code 1');
      if (this.#alive) this.#tell({ type: 'ready' });
      report();
    });
  }

  send(message: ToWorker): void {
    if (message.type === 'begin') {
      const { callId } = message;
      queueMicrotask(() => this.#tell({ type: 'begun', callId, identity: `agent-${this.pid}` }));
    }
    if (message.type === 'drain') this.die('exit code 0');
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#tell = listener;
  }

  onExit(listener: (reason: string) => void): void {
    this.#left = listener;
  }

  kill(): void {
    this.die('signal SIGKILL');
  }

  die(reason: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    queueMicrotask(() => this.#left(reason));
  }
}

async function build(options: { workers: number; rssMb?: number }) {
  const clock = new VirtualClock();
  const spawned: FakeWorker[] = [];
  const world = { comeUp: true };
  const supervisor = new Supervisor({
    workers: options.workers,
    perWorker: 5,
    memoryMb: 1_000,
    clock,
    log,
    spawn() {
      const worker = new FakeWorker(spawned.length, clock, world.comeUp);
      worker.rssMb = options.rssMb ?? worker.rssMb;
      spawned.push(worker);
      return worker;
    },
  });
  await clock.advance(2 * START_MS);
  return { clock, spawned, supervisor, world, pids: () => supervisor.workers.map(({ pid }) => pid) };
}

it('a restart asked for twice replaces each worker once', async () => {
  const { clock, supervisor, pids } = await build({ workers: 2 });
  const restarts = Promise.all([supervisor.restart(0), supervisor.restart(0)]);
  await clock.advance(60_000);
  await restarts;
  expect(pids()).toEqual([2, 3]);
  void supervisor.restart(0);
  await clock.advance(60_000);
  expect(pids()).toEqual([4, 5]);
});

it('a worker that ends while it waits to be replaced is replaced once', async () => {
  const { clock, spawned, supervisor, pids } = await build({ workers: 2 });
  void supervisor.restart(0);
  await clock.advance(START_MS / 2);
  spawned[1]?.die('signal SIGSEGV');
  await clock.advance(60_000);
  expect(pids()).toEqual([2, 3]);
});

it('a worker that is being replaced for its size is not replaced by a restart too', async () => {
  const { clock, spawned, supervisor, pids } = await build({ workers: 2 });
  await clock.advance(60_000);
  for (const worker of spawned) worker.rssMb = 2_000;
  await clock.advance(LOAD_MS + START_MS / 2);
  void supervisor.restart(0);
  await clock.advance(60_000);
  expect(pids()).toEqual([2, 3]);
});

it('a worker that has grown beyond its memory limit gets no calls and is replaced', async () => {
  const { clock, spawned, supervisor, pids } = await build({ workers: 1 });
  await clock.advance(60_000);
  for (const worker of spawned) worker.rssMb = 2_000;
  await clock.advance(LOAD_MS);
  expect(supervisor.isReady).toBe(false);
  await clock.advance(2 * START_MS);
  expect(pids()).toEqual([1]);
  await supervisor.place({ room: 'den', source: 'cli', requestedAt: 0 }, never);
});

it('where every worker is too big from the first, processes are not started without end', async () => {
  const { clock, spawned } = await build({ workers: 2, rssMb: 2_000 });
  await clock.advance(600_000);
  // The first two, and then each of them twice a minute at most.
  expect(spawned.length).toBeLessThan(50);
});

it('a worker that is too big while no new one comes up stays, and is replaced once one does', async () => {
  const { clock, spawned, world, pids } = await build({ workers: 1 });
  await clock.advance(60_000);
  world.comeUp = false;
  for (const worker of spawned) worker.rssMb = 2_000;
  await clock.advance(600_000);
  expect(pids()).toContain(0);
  expect(spawned.length).toBeLessThan(30);
  world.comeUp = true;
  await clock.advance(60_000);
  expect(pids()).toEqual([spawned.length - 1]);
});
