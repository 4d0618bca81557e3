import { describe, expect, it } from 'vitest';
import { BatchBusyError } from '../../src/tasks/batchBusy.ts';
import { createTaskPoller } from '../../src/tasks/taskPoller.ts';
import type { Task } from '../../src/tasks/taskRecord.ts';
import { FakeBatchApi, unreachable } from '../support/fakeBatchApi.ts';
import { createLinesLogger } from '../support/linesLogger.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { aTask } from './aTask.ts';

const busy = (seconds: number) =>
  new BatchBusyError('Too many requests.', { cause: undefined, retryAfterMs: seconds * 1000 });

async function setUp(count = 1) {
  const clock = new VirtualClock();
  const api = new FakeBatchApi();
  const log = createLinesLogger();
  const finished: Task[] = [];
  const tasks: Task[] = [];
  for (let i = 1; i <= count; i++) {
    const { jobId } = await api.submit({ taskId: `task-${i}`, prompt: 'p' });
    tasks.push(aTask({ jobId, taskId: `task-${i}` }));
  }
  api.calls.length = 0;
  const store = createMemoryTaskStore(tasks);
  const poller = createTaskPoller({
    api,
    store,
    clock,
    log,
    today: () => clock.today(),
    pollIntervalMs: 10_000,
    running: async () => ({
      jobs: (await store.all()).filter(({ status }) => status === 'processing'),
      more: false,
    }),
    onFinished: (task) => finished.push(task),
    random: () => 0,
  });
  for (const task of tasks) poller.wake(task);
  poller.start();
  return { clock, api, log, finished, store, poller, tasks };
}

describe('the poller', () => {
  it('looks first after one interval, then once per interval, and says so', async () => {
    const { clock, api, log } = await setUp();
    await clock.advance(9_999);
    expect(api.calls).toEqual([]);
    await clock.advance(1);
    expect(api.calls).toEqual(['retrieve job-1']);
    expect(log.lines).toEqual(['[POLL] job-1 "business plan" in_progress (10 s)']);
    await clock.advance(20_000);
    expect(api.calls).toHaveLength(3);
    expect(log.lines.at(-1)).toBe('[POLL] job-1 "business plan" in_progress (30 s)');
  });

  it('tells the end once, with the result stored and the notice pending', async () => {
    const { clock, api, finished, store } = await setUp();
    await clock.advance(15_000);
    api.finish('job-1', '# Plan');
    await clock.advance(100_000);
    const ended = {
      status: 'completed',
      result: '# Plan',
      notice: 'pending',
      finishedAt: '2026-01-01T00:00:20.000Z',
    };
    expect(finished).toEqual([expect.objectContaining(ended)]);
    expect(await store.get('job-1')).toMatchObject(ended);
    expect(api.calls).toEqual(['retrieve job-1', 'retrieve job-1', 'result job-1']);
  });

  it('looks into the store once a minute when nothing runs, and asks the vendor nothing', async () => {
    const { clock, api, store, log } = await setUp();
    api.finish('job-1', 'x');
    await clock.advance(10_000);
    const asked = api.calls.length;
    let looks = 0;
    const { all } = store;
    store.all = () => {
      looks++;
      return all();
    };
    await clock.advance(600_000);
    expect(looks).toBe(10);
    expect(api.calls).toHaveLength(asked);
    // A job of another process, which died.
    await api.submit({ taskId: 'task-2', prompt: 'p' });
    await store.put(aTask({ jobId: 'job-2', taskId: 'task-2' }));
    await clock.advance(60_000);
    expect(api.calls).toContain('retrieve job-2');
    expect(log.lines.at(-1)).toContain('[POLL] job-2');
  });

  it.each([
    ['failed', { status: 'failed' }, 'failed', 'The model refused.'],
    ['cancelled', { status: 'cancelled' }, 'cancelled', 'The task was cancelled.'],
    ['expired', { status: 'expired' }, 'expired', 'The batch service did not finish the task in time.'],
  ] as const)('ends a task that has %s with its reason', async (_name, change, status, result) => {
    const { clock, api, finished } = await setUp();
    api.set('job-1', change, { ok: false, reason: 'The model refused.' });
    await clock.advance(10_000);
    expect(finished).toEqual([expect.objectContaining({ status, result, notice: 'pending' })]);
  });

  it('ends a job that the vendor does not know, once that has been so for ten minutes', async () => {
    const { clock, api, finished, log } = await setUp();
    api.jobs.clear();
    await clock.advance(600_000);
    expect(finished).toEqual([]);
    expect(log.lines).toContainEqual(expect.stringContaining('DOUBLEWORD_API_KEY'));
    await clock.advance(60_000);
    expect(finished).toMatchObject([
      { status: 'failed', result: expect.stringContaining('no longer knows') },
    ]);
  });

  it('loses no job to another account’s key, or to a wrong address, that is put right', async () => {
    const { clock, api, finished } = await setUp();
    const jobs = [...api.jobs];
    for (let i = 0; i < 6; i++) api.failures.push({ method: 'retrieve', error: unreachable() });
    await clock.advance(620_000);
    api.jobs.clear();
    await clock.advance(300_000);
    for (const [jobId, job] of jobs) api.jobs.set(jobId, job);
    api.finish('job-1', 'x');
    await clock.advance(300_000);
    expect(finished).toMatchObject([{ status: 'completed', result: 'x' }]);
  });

  it('does not give up an old job for one failure after a start', async () => {
    const { clock, api, finished, store } = await setUp();
    await store.update('job-1', () => ({ createdAt: '2025-12-20T00:00:00.000Z' }));
    api.failures.push({ method: 'retrieve', error: unreachable() });
    api.finish('job-1', 'x');
    await clock.advance(40_000);
    expect(finished).toMatchObject([{ status: 'completed', result: 'x' }]);
  });

  it('turns a completed job with malformed output into a failed task with the reason', async () => {
    const { clock, api, finished } = await setUp();
    api.set('job-1', { status: 'completed' }, { ok: false, reason: 'The result was damaged.' });
    await clock.advance(10_000);
    expect(finished).toMatchObject([{ status: 'failed', result: 'The result was damaged.' }]);
  });

  it('expires by its own deadline, the window and a margin, because the vendor never says so', async () => {
    const { clock, api, finished } = await setUp();
    api.set('job-1', { expiresAt: clock.today().getTime() + 3_600_000 });
    await clock.advance(3_600_000 + 890_000);
    expect(finished).toEqual([]);
    await clock.advance(30_000);
    expect(finished).toMatchObject([{ status: 'expired' }]);
  });

  it('takes a late answer before the margin is over', async () => {
    const { clock, api, finished } = await setUp();
    api.set('job-1', { expiresAt: clock.today().getTime() + 60_000 });
    await clock.advance(120_000);
    api.finish('job-1', 'late');
    await clock.advance(10_000);
    expect(finished).toMatchObject([{ status: 'completed', result: 'late' }]);
  });

  it('backs off on errors, logs each different one once, and recovers', async () => {
    const { clock, api, log, finished } = await setUp();
    for (let i = 0; i < 3; i++) api.failures.push({ method: 'retrieve', error: unreachable() });
    await clock.advance(10_000 + 20_000 + 40_000);
    expect(api.calls).toHaveLength(3);
    expect(log.lines).toEqual([
      expect.stringContaining('[POLL] job-1 "business plan" could not be looked at'),
    ]);
    api.finish('job-1', 'x');
    await clock.advance(79_999);
    expect(finished).toEqual([]);
    await clock.advance(1);
    expect(finished).toHaveLength(1);
  });

  it('waits five minutes at most between two looks, and gives up only long after the deadline', async () => {
    const { clock, api, finished } = await setUp();
    api.failures.push(
      ...Array.from({ length: 2000 }, () => ({ method: 'retrieve' as const, error: unreachable() })),
    );
    await clock.advance(47 * 3_600_000);
    expect(finished).toEqual([]);
    expect(api.calls.length).toBeGreaterThan((47 * 3_600_000) / 300_000 - 5);
    await clock.advance(2 * 3_600_000);
    expect(finished).toMatchObject([
      { status: 'expired', result: expect.stringContaining('could not be reached') },
    ]);
  });

  it('reads the result again when the download broke', async () => {
    const { clock, api, finished } = await setUp();
    api.finish('job-1', 'x');
    api.failures.push({ method: 'result', error: unreachable() });
    await clock.advance(10_000);
    expect(finished).toEqual([]);
    await clock.advance(20_000);
    expect(finished).toMatchObject([{ status: 'completed', result: 'x' }]);
  });

  it('ends a failed job although its reason cannot be read', async () => {
    const { clock, api, finished } = await setUp();
    api.fail('job-1', 'x');
    api.failures.push({ method: 'result', error: unreachable() });
    await clock.advance(10_000);
    expect(finished).toMatchObject([{ status: 'failed', result: 'The batch service did not say why.' }]);
  });

  it('tries again to store an end that could not be written', async () => {
    const { clock, api, finished, store } = await setUp();
    const update = store.update;
    let failures = 1;
    store.update = (...given) => (failures-- > 0 ? Promise.reject(new Error('disk full')) : update(...given));
    api.finish('job-1', 'x');
    await clock.advance(10_000);
    expect(finished).toEqual([]);
    await clock.advance(20_000);
    expect(finished).toHaveLength(1);
  });

  it('does not tell an end that the store already has', async () => {
    const { clock, api, finished, store } = await setUp();
    await store.update('job-1', () => ({ status: 'cancelled', notice: 'heard' }));
    api.finish('job-1', 'x');
    await clock.advance(50_000);
    expect(finished).toEqual([]);
    expect(await store.get('job-1')).toMatchObject({ status: 'cancelled', notice: 'heard' });
    expect(api.calls).toEqual([]);
  });

  it('does not tell an end that another process wrote down meanwhile', async () => {
    const { clock, api, finished, store } = await setUp();
    let release = () => {};
    api.finish('job-1', 'x');
    api.holds.set('result', new Promise((resolve) => (release = resolve)));
    await clock.advance(10_000);
    await store.update('job-1', () => ({ status: 'completed', result: 'theirs', notice: 'speaking' }));
    release();
    await clock.advance(50_000);
    expect(finished).toEqual([]);
    expect(await store.get('job-1')).toMatchObject({ result: 'theirs', notice: 'speaking' });
  });

  it('asks for the list where there are many, and for what the list does not show as running', async () => {
    const { clock, api, log, finished } = await setUp(10);
    await clock.advance(10_000);
    expect(api.calls).toEqual(['list 20']);
    expect(log.lines).toEqual(['[POLL] 10 jobs: 10 in_progress']);
    api.finish('job-3', 'done');
    // What the list calls finalizing may be over; only asking for it tells.
    api.set('job-5', { vendorStatus: 'finalizing' });
    api.calls.length = 0;
    await clock.advance(10_000);
    expect(api.calls[0]).toBe('list 20');
    expect(api.calls.slice(1).sort()).toEqual(['result job-3', 'retrieve job-3', 'retrieve job-5']);
    expect(finished).toMatchObject([{ jobId: 'job-3' }]);
  });

  it('asks one by one for jobs that the list does not have', async () => {
    const { clock, api } = await setUp(5);
    api.list = async () => [];
    await clock.advance(10_000);
    expect(api.calls).toHaveLength(5);
  });

  it('has four requests at the same time at most, and no round over another one', async () => {
    const { clock, api, finished } = await setUp(10);
    for (let i = 1; i <= 10; i++) api.finish(`job-${i}`, 'x');
    let release = () => {};
    api.holds.set('retrieve', new Promise((resolve) => (release = resolve)));
    await clock.advance(60_000);
    expect(api.calls).toHaveLength(5);
    release();
    await clock.advance(1);
    expect(finished).toHaveLength(10);
    expect(api.mostBusy).toBe(4);
  });

  it('makes the pause that the vendor asks for, with every job', async () => {
    const { clock, api } = await setUp(3);
    api.failures.push({ method: 'retrieve', error: busy(60) });
    await clock.advance(10_000);
    const asked = api.calls.length;
    await clock.advance(59_999);
    expect(api.calls).toHaveLength(asked);
    await clock.advance(10_000);
    expect(api.calls.length).toBeGreaterThan(asked);
  });

  it('backs off when the list cannot be had, and recovers', async () => {
    const { clock, api, log, finished } = await setUp(6);
    for (let i = 0; i < 3; i++) api.failures.push({ method: 'list', error: unreachable() });
    await clock.advance(10_000 + 20_000 + 40_000);
    expect(api.calls).toEqual(['list 12', 'list 12', 'list 12']);
    expect(log.lines).toHaveLength(1);
    api.finish('job-1', 'x');
    await clock.advance(80_000);
    expect(finished).toHaveLength(1);
  });

  it('leaves the asking to the process that leads, and takes over when that one ends', async () => {
    const { clock, api, store, poller, finished } = await setUp(1);
    const others: Task[] = [];
    const other = createTaskPoller({
      api,
      store,
      clock,
      log: createLinesLogger(),
      today: () => clock.today(),
      pollIntervalMs: 10_000,
      running: async () => ({
        jobs: (await store.all()).filter(({ status }) => status === 'processing'),
        more: false,
      }),
      onFinished: (task) => others.push(task),
      random: () => 0,
    });
    other.start();
    await clock.advance(100_000);
    expect(api.calls).toHaveLength(10);
    await poller.stop();
    api.finish('job-1', 'x');
    await clock.advance(20_000);
    expect([finished.length, others.length]).toEqual([0, 1]);
    await other.stop();
  });

  it('stops at once and looks no more', async () => {
    const { clock, api, poller, finished } = await setUp();
    await clock.advance(10_000);
    await poller.stop();
    api.finish('job-1', 'x');
    await clock.advance(100_000);
    expect(api.calls).toHaveLength(1);
    expect(finished).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
