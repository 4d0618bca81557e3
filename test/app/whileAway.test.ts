import { expect, it } from 'vitest';
import { taskNews } from '../../src/app/taskNews.ts';
import { noticeText } from '../../src/conversation/noticeText.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { FakeBatchApi } from '../support/fakeBatchApi.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { aTask } from '../tasks/aTask.ts';

it('a caller who comes back is told what ended meanwhile, in whatever process, and what ends now', async () => {
  const away = aTask({
    status: 'completed',
    notice: 'pending',
    finishedAt: new Date(Date.now() - 60_000).toISOString(),
  });
  const store = createMemoryTaskStore([away, aTask({ jobId: 'job-2', description: 'report' })]);
  const desk = createTaskDesk({
    api: new FakeBatchApi(),
    store,
    clock: systemClock,
    log: silentLogger,
    lookMs: 10,
  });
  const said: string[] = [];
  const news = taskNews(desk);
  const leave = news.follow('ann', (task) => said.push(noticeText(task)));
  await expect.poll(() => said).toHaveLength(1);
  await store.update('job-2', () => ({
    status: 'completed',
    notice: 'pending',
    finishedAt: new Date(Date.now() + 1).toISOString(),
  }));
  await expect.poll(() => said).toHaveLength(2);
  expect(said).toEqual([
    "While you were away, your task 'business plan' finished. Would you like me to read the results?",
    "Your task 'report' is ready. Would you like me to read the results?",
  ]);
  news.heard(['job-1']);
  leave();
  await desk.stop();
  expect((await store.all()).map(({ notice }) => notice)).toEqual(['heard', 'pending']);
});
