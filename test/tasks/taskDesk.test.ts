import { describe, expect, it } from 'vitest';
import { VoiceAgentError } from '../../src/errors.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import type { TaskStore } from '../../src/tasks/taskStore.ts';
import { FakeBatchApi, unreachable } from '../support/fakeBatchApi.ts';
import { createLinesLogger } from '../support/linesLogger.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { aTask } from './aTask.ts';

const refused = () => new VoiceAgentError('VA_BATCH_AUTH', 'Doubleword refused the key.');

async function setUp(store: TaskStore = createMemoryTaskStore(), api = new FakeBatchApi()) {
  const clock = new VirtualClock();
  const log = createLinesLogger();
  const desk = createTaskDesk({ api, store, clock, log, today: () => clock.today() });
  await desk.start();
  const submits = () => api.calls.filter((call) => call.startsWith('submit'));
  const ended = async () => (await store.all()).filter(({ status }) => status !== 'processing');
  return { clock, api, log, desk, store, ended, submits };
}

/** A store that cannot write down the next `times` jobs. */
function full(store: TaskStore, times: number): TaskStore {
  let left = times;
  const error = new VoiceAgentError('VA_STORE', 'The disk is full.');
  return { ...store, replace: (...given) => (left-- > 0 ? Promise.reject(error) : store.replace(...given)) };
}

describe('the task desk', () => {
  it('submits, watches, tells, and remembers until it is heard', async () => {
    const { clock, api, desk, store, ended } = await setUp();
    const told: string[] = [];
    desk.follow('ann', ({ jobId }) => told.push(jobId));
    desk.follow('bob', ({ jobId }) => told.push(`bob: ${jobId}`));
    const { task, duplicate } = await desk.submit('ann', 'plan', 'Write a plan.');
    expect(duplicate).toBe(false);
    expect(task).toMatchObject({ jobId: 'job-1', owner: 'ann', status: 'processing', notice: 'none' });
    api.finish('job-1', 'The plan.');
    await clock.advance(10_000);
    expect(await ended()).toMatchObject([{ jobId: 'job-1', status: 'completed', result: 'The plan.' }]);
    expect(told).toEqual(['job-1']);
    await desk.markHeard('job-1');
    await clock.advance(60_000);
    expect(told).toEqual(['job-1']);
    expect(await store.get('job-1')).toMatchObject({ notice: 'heard', result: 'The plan.' });
  });

  it('writes the intent down before it asks the vendor, under the id that the batch will carry', async () => {
    const { api, desk, store } = await setUp();
    let release = () => {};
    api.holds.set('submit', new Promise((resolve) => (release = resolve)));
    const submitting = desk.submit('ann', 'plan', 'p');
    await new Promise(setImmediate);
    const [intent] = await store.all();
    expect(intent).toMatchObject({ status: 'processing', owner: 'ann', prompt: 'p' });
    expect(intent?.jobId).toBe(intent?.taskId);
    expect(api.calls).toEqual([`submit ${intent?.taskId}`]);
    release();
    await submitting;
    expect(await store.all()).toMatchObject([{ jobId: 'job-1', taskId: intent?.taskId }]);
  });

  it('lists by owner; tasks of nobody are everybody’s', async () => {
    const store = createMemoryTaskStore([
      aTask({ jobId: 'old', owner: '', status: 'completed', taskId: '' }),
    ]);
    const { desk } = await setUp(store);
    await desk.submit('ann', 'plan', 'p');
    await desk.submit('bob', 'report', 'r');
    const names = async (owner?: string) => (await desk.list(owner)).map((task) => task.jobId);
    expect(await names('ann')).toEqual(['old', 'job-1']);
    expect(await names()).toEqual(['old', 'job-1', 'job-2']);
  });

  it('goes on when a listener throws', async () => {
    const { desk, log } = await setUp();
    desk.onRunning(() => {
      throw new Error('listener');
    });
    const running: string[] = [];
    const detach = desk.onRunning(({ jobId }) => running.push(jobId));
    expect(await desk.submit('ann', 'a', 'a')).toMatchObject({ task: { jobId: 'job-1' } });
    expect(running).toEqual(['job-1']);
    expect(log.lines.some((line) => line.includes('listener failed'))).toBe(true);
    detach();
    await desk.submit('ann', 'b', 'b');
    expect(running).toEqual(['job-1']);
  });
});

describe('the same task within a minute', () => {
  it('gives the running job, even while the first is being submitted', async () => {
    const { clock, desk, submits } = await setUp();
    const both = await Promise.all([
      desk.submit('ann', 'Business plan', 'Write a plan!'),
      desk.submit('ann', 'business plan', 'write a plan'),
    ]);
    expect(both.map((one) => [one.task.jobId, one.duplicate])).toEqual([
      ['job-1', false],
      ['job-1', true],
    ]);
    await clock.advance(59_000);
    expect(await desk.submit('ann', 'business plan', 'write a plan')).toMatchObject({ duplicate: true });
    await clock.advance(1_000);
    expect(await desk.submit('ann', 'business plan', 'write a plan')).toMatchObject({ duplicate: false });
    expect(submits()).toHaveLength(2);
  });

  it('never blocks a different task, or another person’s', async () => {
    const { desk, submits } = await setUp();
    await desk.submit('ann', 'business plan', 'Write a plan.');
    await desk.submit('ann', 'business plan', 'Write a plan for a bakery.');
    await desk.submit('bob', 'business plan', 'Write a plan.');
    expect(submits()).toHaveLength(3);
  });

  it('says that it is complete when it already is', async () => {
    const { clock, api, desk } = await setUp();
    await desk.submit('ann', 'plan', 'p');
    api.finish('job-1', 'x');
    await clock.advance(10_000);
    expect(await desk.submit('ann', 'plan', 'p')).toMatchObject({
      duplicate: true,
      task: { jobId: 'job-1', status: 'completed' },
    });
  });

  it('may be tried again when it failed at the vendor', async () => {
    const { clock, api, desk } = await setUp();
    await desk.submit('ann', 'plan', 'p');
    api.fail('job-1', 'No.');
    await clock.advance(10_000);
    const both = await Promise.all([desk.submit('ann', 'plan', 'p'), desk.submit('ann', 'plan', 'p')]);
    expect(both.map((one) => [one.task.jobId, one.duplicate])).toEqual([
      ['job-2', false],
      ['job-2', true],
    ]);
  });

  it('may be tried again when it could not be submitted, and leaves nothing behind', async () => {
    const { api, desk, store } = await setUp();
    api.failures.push({ method: 'submit', error: refused() });
    await expect(desk.submit('ann', 'plan', 'p')).rejects.toMatchObject({ code: 'VA_BATCH_AUTH' });
    expect(await store.all()).toEqual([]);
    expect(await desk.submit('ann', 'plan', 'p')).toMatchObject({ duplicate: false });
  });

  it('is looked for before it is submitted again when its end was unclear', async () => {
    const { api, desk, submits, store } = await setUp();
    api.failures.push({ method: 'submit', error: unreachable(), afterDoing: true });
    await expect(desk.submit('ann', 'plan', 'p')).rejects.toMatchObject({ retryable: true });
    expect(await desk.submit('ann', 'plan', 'p')).toMatchObject({
      task: { jobId: 'job-1' },
      duplicate: false,
    });
    expect(submits()).toHaveLength(1);
    expect(await store.all()).toHaveLength(1);
  });

  it('is still looked for when the first look for it was refused', async () => {
    const { api, desk } = await setUp();
    api.failures.push({ method: 'submit', error: unreachable(), afterDoing: true });
    api.failures.push({ method: 'find', error: refused() });
    await expect(desk.submit('ann', 'plan', 'p')).rejects.toMatchObject({ retryable: true });
    await expect(desk.submit('ann', 'plan', 'p')).rejects.toMatchObject({ code: 'VA_BATCH_AUTH' });
    expect(await desk.submit('ann', 'plan', 'p')).toMatchObject({ task: { jobId: 'job-1' } });
    expect(api.jobs.size).toBe(1);
  });

  it('is found again, once, when its job exists but could not be written down', async () => {
    const { clock, api, desk, store } = await setUp(full(createMemoryTaskStore(), 1));
    await expect(desk.submit('ann', 'plan', 'p')).rejects.toMatchObject({ code: 'VA_STORE' });
    expect(await desk.submit('ann', 'plan', 'p')).toMatchObject({ duplicate: true });
    await clock.advance(10_000);
    expect(await store.all()).toMatchObject([{ jobId: 'job-1', status: 'processing' }]);
    expect(api.jobs.size).toBe(1);
  });

  it('is no longer looked for when a thousand others were unclear since', async () => {
    const { api, desk } = await setUp();
    for (let i = 0; i <= 1_000; i++) {
      api.failures.push({ method: 'submit', error: unreachable() });
      await expect(desk.submit('ann', `plan ${i}`, 'p')).rejects.toThrow();
    }
    await desk.submit('ann', 'plan 0', 'p');
    expect(api.calls.filter((call) => call.startsWith('find'))).toEqual([]);
    await desk.submit('ann', 'plan 1', 'p');
    expect(api.calls.filter((call) => call.startsWith('find'))).toHaveLength(1);
  });

  it('is submitted again under the same id when it is not found', async () => {
    const { api, desk, submits } = await setUp();
    api.failures.push({ method: 'submit', error: unreachable() });
    await expect(desk.submit('ann', 'plan', 'p')).rejects.toThrow();
    await desk.submit('ann', 'plan', 'p');
    expect(new Set(submits()).size).toBe(1);
    expect(api.jobs.size).toBe(1);
  });
});

describe('after a restart', () => {
  it('running jobs are watched again and told once', async () => {
    const api = new FakeBatchApi();
    const { jobId } = await api.submit({ taskId: 'task-1', prompt: 'p' });
    const { clock, desk } = await setUp(createMemoryTaskStore([aTask({ jobId })]), api);
    const told: string[] = [];
    desk.follow('ann', (task) => told.push(task.status));
    api.finish(jobId, 'x');
    await clock.advance(30_000);
    expect(told).toEqual(['completed']);
  });

  it('an intent whose job exists is found by its id, not submitted twice', async () => {
    const api = new FakeBatchApi();
    await api.submit({ taskId: 'task-1', prompt: 'p' });
    const store = createMemoryTaskStore([aTask({ jobId: 'task-1' })]);
    const { clock, ended } = await setUp(store, api);
    await clock.advance(0);
    expect(await store.all()).toMatchObject([{ jobId: 'job-1', taskId: 'task-1' }]);
    api.finish('job-1', 'x');
    await clock.advance(10_000);
    expect(await ended()).toHaveLength(1);
    expect(api.jobs.size).toBe(1);
  });

  it('an intent without a job is submitted, after the vendor could be asked', async () => {
    const api = new FakeBatchApi();
    api.failures.push({ method: 'find', error: unreachable() });
    const store = createMemoryTaskStore([aTask({ jobId: 'task-1' })]);
    const { clock } = await setUp(store, api);
    await clock.advance(9_999);
    expect(api.jobs.size).toBe(0);
    await clock.advance(1);
    expect(api.calls.slice(0, 3)).toEqual(['find task-1', 'find task-1', 'submit task-1']);
    expect(await store.all()).toMatchObject([{ jobId: 'job-1', taskId: 'task-1' }]);
  });

  it('an intent that the vendor refuses ends as failed, and its owner is told', async () => {
    const api = new FakeBatchApi();
    api.failures.push({ method: 'submit', error: refused() });
    const { clock, ended, desk } = await setUp(createMemoryTaskStore([aTask({ jobId: 'task-1' })]), api);
    const told: string[] = [];
    desk.follow('ann', ({ jobId }) => told.push(jobId));
    await clock.advance(0);
    expect(await ended()).toMatchObject([{ status: 'failed', result: 'Doubleword refused the key.' }]);
    expect(told).toEqual(['task-1']);
  });

  it('an intent outlives a wrong key, with which nothing can be looked up', async () => {
    const api = new FakeBatchApi();
    api.failures.push({ method: 'find', error: refused() }, { method: 'find', error: refused() });
    const store = createMemoryTaskStore([aTask({ jobId: 'task-1' })]);
    const { clock } = await setUp(store, api);
    await clock.advance(10_000 + 20_000);
    expect(api.calls.slice(0, 4)).toEqual(['find task-1', 'find task-1', 'find task-1', 'submit task-1']);
    expect(await store.all()).toMatchObject([{ jobId: 'job-1', status: 'processing' }]);
  });

  it('an intent whose job cannot be written down waits for the store', async () => {
    const api = new FakeBatchApi();
    const store = full(createMemoryTaskStore([aTask({ jobId: 'task-1' })]), 2);
    const { clock } = await setUp(store, api);
    await clock.advance(10_000 + 20_000);
    expect(api.jobs.size).toBe(1);
    expect(await store.all()).toMatchObject([{ jobId: 'job-1', status: 'processing' }]);
  });
});

describe('several processes on one store', () => {
  it('submit the same request once', async () => {
    const store = createMemoryTaskStore();
    const api = new FakeBatchApi();
    const [one, two] = [await setUp(store, api), await setUp(store, api)];
    await one.desk.submit('ann', 'plan', 'p');
    expect(await two.desk.submit('ann', 'plan', 'p')).toMatchObject({
      task: { jobId: 'job-1' },
      duplicate: true,
    });
    await two.desk.submit('bob', 'plan', 'p');
    expect(api.jobs.size).toBe(2);
  });

  it('leave a submission to the process that makes it, for as long as that lives', async () => {
    const store = createMemoryTaskStore();
    const api = new FakeBatchApi();
    const one = await setUp(store, api);
    let release = () => {};
    api.holds.set('submit', new Promise((resolve) => (release = resolve)));
    const submitting = one.desk.submit('ann', 'plan', 'p');
    await one.clock.advance(20_000);
    const two = await setUp(store, api);
    await two.clock.advance(20_000);
    expect(api.calls.filter((call) => !call.startsWith('submit'))).toEqual([]);
    release();
    await submitting;
    expect(api.jobs.size).toBe(1);
  });

  it('take a submission up that a dead process left, one of them, when its claim has run out', async () => {
    const claim = { by: 'dead', until: '2026-01-01T00:00:15.000Z' };
    const store = createMemoryTaskStore([aTask({ jobId: 'task-1', claim })]);
    const api = new FakeBatchApi();
    const two = [await setUp(store, api), await setUp(store, api)];
    for (const { clock } of two) await clock.advance(10_000);
    expect(api.calls).toEqual([]);
    for (let i = 0; i < 4; i++) for (const { clock } of two) await clock.advance(5_000);
    expect(api.jobs.size).toBe(1);
    expect((await store.all()).map(({ jobId, claim: left }) => [jobId, left])).toEqual([
      ['job-1', undefined],
    ]);
  });

  it('know of the end that another one saw, and one of them tells it', async () => {
    const store = createMemoryTaskStore();
    const api = new FakeBatchApi();
    const [one, two] = [await setUp(store, api), await setUp(store, api)];
    await one.desk.submit('ann', 'plan', 'p');
    const told: string[] = [];
    two.desk.follow('ann', ({ jobId }) => told.push(jobId));
    api.finish('job-1', 'x');
    await one.clock.advance(10_000);
    await two.clock.advance(1_000);
    expect(told).toEqual(['job-1']);
  });
});

describe('stopping', () => {
  it('in the middle of a submission keeps the intent for the next start', async () => {
    const { api, desk, store } = await setUp();
    let release = () => {};
    api.holds.set('submit', new Promise((resolve) => (release = resolve)));
    api.failures.push({ method: 'submit', error: unreachable(), afterDoing: true });
    const submitting = desk.submit('ann', 'plan', 'p');
    const failed = expect(submitting).rejects.toThrow();
    await new Promise(setImmediate);
    const stopped = desk.stop();
    release();
    await Promise.all([failed, stopped]);
    const [intent] = await store.all();
    expect(intent?.jobId).toBe(intent?.taskId);
    api.holds.clear();
    const again = await setUp(store, api);
    await again.clock.advance(0);
    expect(api.jobs.size).toBe(1);
    expect(await store.all()).toMatchObject([{ jobId: 'job-1' }]);
  });

  it('leaves no timer', async () => {
    const { clock, desk } = await setUp();
    await desk.submit('ann', 'plan', 'p');
    expect(clock.pending).toBe(1);
    await desk.stop();
    expect(clock.pending).toBe(0);
  });
});
