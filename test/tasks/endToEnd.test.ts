import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { noticeText } from '../../src/conversation/noticeText.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { serve } from '../../src/offline/serve.ts';
import { createDoubleword } from '../../src/tasks/doubleword.ts';
import { createJsonTaskStore } from '../../src/tasks/jsonTaskStore.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import { voiceTools } from '../../src/tasks/voiceTools.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { createLinesLogger } from '../support/linesLogger.ts';

it('a business plan, from the tool call over a restart to the notice and the result', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-tasks-'));
  const path = join(folder, 'tasks_results.json');
  const vendor = createOfflineDoubleword({ turnaround: 'manual', populateMs: 0 });
  const server = await serve([vendor]);
  const log = createLinesLogger();
  const open = async () => {
    const api = createDoubleword({
      apiKey: 'sk-any',
      baseUrl: `${server.origin}/v1`,
      model: 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8',
      systemPrompt: 'You write documents.',
      clock: systemClock,
    });
    const store = createJsonTaskStore(path);
    const desk = createTaskDesk({ api, store, clock: systemClock, log, pollIntervalMs: 20 });
    const notices: string[] = [];
    desk.follow('ann', (task) => notices.push(noticeText(task)));
    await desk.start();
    const run = (name: string, input: unknown) => {
      const tool = voiceTools(desk).find((candidate) => candidate.name === name);
      return tool?.run(input, { owner: 'ann', signal: new AbortController().signal });
    };
    return { desk, notices, run };
  };

  const first = await open();
  const input = {
    task_description: 'coffee shop plan',
    detailed_prompt: 'Create a business plan for a coffee shop',
  };
  await first.run('submit_batch_task', input);
  const jobId = vendor.control.batches()[0]?.id ?? '';
  await expect
    .poll(() => log.lines)
    .toContainEqual(expect.stringMatching(/^\[POLL\] \S+ "coffee shop plan" /));
  await first.desk.stop();

  const second = await open();
  vendor.control.complete(jobId);
  await expect.poll(() => second.notices).toHaveLength(1);
  expect(second.notices).toEqual([
    "Your task 'coffee shop plan' is ready. Would you like me to read the results?",
  ]);
  expect(first.notices).toEqual([]);
  const said = await second.run('get_task_result', { job_id: jobId });
  expect(said).toContain('# Business plan: Coffee shop');
  const file = JSON.parse(await readFile(path, 'utf8'));
  expect(Object.keys(file)).toEqual([jobId]);
  expect(file[jobId]).toMatchObject({
    description: 'coffee shop plan',
    status: 'completed',
    notice: 'speaking',
  });
  expect(vendor.control.batches()).toHaveLength(1);

  await second.desk.stop();
  await server.close();
  await rm(folder, { recursive: true });
});
