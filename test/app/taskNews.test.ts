import { describe, expect, it } from 'vitest';
import { taskNews } from '../../src/app/taskNews.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import type { Task } from '../../src/tasks/taskRecord.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { FakeBatchApi } from '../support/fakeBatchApi.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { aTask } from '../tasks/aTask.ts';

function setUp(tasks: readonly Task[] = []) {
  const store = createMemoryTaskStore(tasks);
  const desk = createTaskDesk({
    api: new FakeBatchApi(),
    store,
    clock: systemClock,
    log: silentLogger,
    lookMs: 10,
  });
  const running: string[] = [];
  const follow = () => taskNews(desk).running?.('ann', ({ description }) => running.push(description));
  return { desk, store, running, follow };
}

describe('what runs for the owner', () => {
  it('is told from before the call, the newest eight, and not what others have or what has ended', async () => {
    const many = Array.from({ length: 10 }, (_, i) =>
      aTask({ jobId: `job-${i}`, description: `plan ${i}`, createdAt: `2026-01-01T00:00:0${i}.000Z` }),
    );
    const { running, follow, desk } = setUp([
      ...many,
      aTask({ jobId: 'bob', owner: 'bob', description: 'not ours' }),
      aTask({ jobId: 'done', status: 'completed', notice: 'heard', description: 'done' }),
    ]);
    follow();
    await expect.poll(() => running).toEqual(many.slice(-8).map(({ description }) => description));
    await desk.stop();
  });

  it('is told when it is submitted during the call, until the call is over', async () => {
    const { running, follow, desk } = setUp();
    const stop = follow();
    await desk.submit('ann', 'plan', 'p');
    await desk.submit('bob', 'report', 'p');
    await expect.poll(() => running).toEqual(['plan']);
    stop?.();
    await desk.submit('ann', 'letter', 'p');
    expect(running).toEqual(['plan']);
    await desk.stop();
  });

  it('is nothing when the store cannot be read', async () => {
    const { running, follow, desk, store } = setUp([aTask()]);
    store.all = () => Promise.reject(new Error('gone'));
    follow();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(running).toEqual([]);
    await desk.stop();
  });
});
