import { expect, it } from 'vitest';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import type { Task } from '../../src/tasks/taskRecord.ts';
import { FakeBatchApi } from '../support/fakeBatchApi.ts';
import { createLinesLogger } from '../support/linesLogger.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { aTask } from './aTask.ts';

const HOUR_MS = 3_600_000;
/** The clock begins with 2026. */
const OLD = '2025-12-01T00:00:00.000Z';
const YOUNG = '2025-12-20T00:00:00.000Z';
const ended = (jobId: string, finishedAt: string, change: Partial<Task> = {}) =>
  aTask({ jobId, status: 'completed', notice: 'heard', createdAt: OLD, finishedAt, ...change });

async function setUp(keepDays: number, tasks: readonly Task[]) {
  const clock = new VirtualClock();
  const log = createLinesLogger();
  const store = createMemoryTaskStore(tasks);
  const world = { api: new FakeBatchApi(), store, clock, log, today: () => clock.today() };
  const desk = createTaskDesk({ ...world, keepDays });
  await desk.start();
  await clock.advance(0);
  const left = async () => (await store.all()).map(({ jobId }) => jobId);
  return { clock, desk, store, log, left };
}

it('ended tasks go when they are old, heard of or not; none that runs, is young, or is being told', async () => {
  const claim = { by: 'call-1', until: '2026-01-01T00:00:30.000Z' };
  const { left, desk, log } = await setUp(30, [
    ended('heard', OLD),
    ended('of nobody who called', OLD, { status: 'failed', notice: 'pending' }),
    aTask({ jobId: 'of an older program', createdAt: OLD, status: 'cancelled', notice: 'heard' }),
    ended('young', YOUNG),
    ended('young and pending', YOUNG, { notice: 'pending' }),
    ended('being told', OLD, { notice: 'speaking', claim }),
    aTask({ jobId: 'runs', createdAt: OLD }),
    aTask({ jobId: 'task-1', createdAt: OLD, claim }),
  ]);
  expect(await left()).toEqual(['young', 'young and pending', 'being told', 'runs', 'task-1']);
  expect(log.lines).toContain('Removed because they ended more than 30 days ago: 3 tasks.');
  await desk.stop();
});

it('they are looked for once an hour, also after a failure, and no more when the desk stops', async () => {
  const { clock, desk, store, left } = await setUp(12, [ended('a', YOUNG)]);
  const { prune } = store;
  store.prune = () => Promise.reject(new Error('gone'));
  await clock.advance(HOUR_MS);
  store.prune = prune;
  expect(await left()).toEqual(['a']);
  await clock.advance(HOUR_MS);
  expect(await left()).toEqual([]);
  await desk.stop();
  expect(clock.pending).toBe(0);
});

it('they stay for ever with 0 days', async () => {
  const { clock, desk, left } = await setUp(0, [ended('a', '2001-01-01T00:00:00.000Z')]);
  await clock.advance(5 * HOUR_MS);
  expect(await left()).toEqual(['a']);
  await desk.stop();
});
