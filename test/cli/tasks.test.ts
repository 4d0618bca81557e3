import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { childEnvironment } from '../../src/config/environment.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { type OfflineServer, serve } from '../../src/offline/serve.ts';
import { createDoubleword } from '../../src/tasks/doubleword.ts';
import { createJsonTaskStore } from '../../src/tasks/jsonTaskStore.ts';
import { createTaskDesk, type TaskDesk } from '../../src/tasks/taskDesk.ts';
import type { TaskStore } from '../../src/tasks/taskStore.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { built } from '../support/built.ts';
import { aTask } from '../tasks/aTask.ts';

const MODEL = 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8';

describe('voice-agent tasks', { timeout: 60_000 }, () => {
  let folder: string;
  let server: OfflineServer;
  let vendor: ReturnType<typeof createOfflineDoubleword>;
  let store: TaskStore;
  let agent: TaskDesk;
  let program: string;

  beforeAll(async () => {
    program = await built('bin/voice-agent.ts');
  });

  /** An agent runs beside the commands, on the same file. */
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-agent-tasks-cli-'));
    vendor = createOfflineDoubleword({ turnaround: 'manual', populateMs: 0 });
    server = await serve([vendor]);
    store = createJsonTaskStore(join(folder, 'tasks_results.json'));
    const api = createDoubleword({
      apiKey: 'good-key-for-tests',
      baseUrl: `${server.origin}/v1`,
      model: MODEL,
      systemPrompt: 'Write.',
      clock: systemClock,
    });
    agent = createTaskDesk({ api, store, clock: systemClock, log: silentLogger, pollIntervalMs: 200 });
    await agent.start();
  });

  afterEach(async () => {
    await agent.stop();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  function start(args: string[], settings: Record<string, string> = {}) {
    const child = spawn(process.execPath, [program, 'tasks', ...args], {
      cwd: folder,
      env: childEnvironment({
        DOUBLEWORD_API_KEY: 'good-key-for-tests',
        DOUBLEWORD_BASE_URL: `${server.origin}/v1`,
        POLL_INTERVAL_MS: '200',
        REDIS_URL: '',
        ...settings,
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (output.out += String(chunk)));
    child.stderr.on('data', (chunk) => (output.err += String(chunk)));
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, ...output })),
    );
    return { child, output, ended };
  }
  const run = (args: string[], settings: Record<string, string> = {}) => start(args, settings).ended;

  it('list and show them, the whole result, or the document alone', async () => {
    const result = '# Plan\n\n| a | b |\n|---|---|\n';
    await store.put(aTask({ jobId: 'aaaa-1', status: 'completed', result, notice: 'pending' }));
    await store.put(aTask({ jobId: 'bbbb-1', description: 'report' }));
    const list = await run(['list']);
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toMatch(
      /aaaa-1.*completed, not told yet.*business plan[\s\S]*bbbb-1.*processing.*report/,
    );
    expect((await run(['show', 'aaaa'])).out).toMatch(/^business plan\njob id {3}aaaa-1\n[\s\S]*# Plan/);
    expect(await run(['show', 'aaaa-1', '--markdown'])).toEqual({ code: 0, out: result, err: '' });
    expect(await run(['show', 'bbbb-1', '--markdown'])).toMatchObject({ code: 0, out: '' });
  });

  it('cancel one at the batch service, beside the agent', async () => {
    const { task } = await agent.submit('ann', 'plan', 'p');
    const cancelled = await run(['cancel', task.jobId]);
    expect(cancelled).toEqual({ code: 0, out: "'plan' was cancelled.\n", err: '' });
    expect(vendor.control.batches()).toMatchObject([{ status: 'cancelled' }]);
    expect(await store.get(task.jobId)).toMatchObject({ status: 'cancelled', notice: 'pending' });
    expect((await run(['cancel', task.jobId])).out).toBe(
      "'plan' had already cancelled: nothing was changed.\n",
    );
  });

  it('wait for one that the agent watches, and say how to read it', async () => {
    const { task } = await agent.submit('ann', 'plan', 'p');
    const waiting = start(['wait', task.jobId]);
    await expect.poll(() => waiting.output.err, { timeout: 30_000 }).toContain("'plan' is running, ");
    vendor.control.complete(task.jobId, 'The plan.');
    expect(await waiting.ended).toMatchObject({
      code: 0,
      out: `'plan' is completed. Its result: voice-agent tasks show ${task.jobId}\n`,
    });
    expect(await store.get(task.jobId)).toMatchObject({ result: 'The plan.', notice: 'pending' });
  });

  it('wait where no agent runs: the command asks the batch service itself', async () => {
    const { task } = await agent.submit('ann', 'plan', 'p');
    await agent.stop();
    vendor.control.fail(task.jobId);
    const waited = await run(['wait', task.jobId]);
    expect(waited.code).toBe(1);
    expect(waited.err).toContain("'plan' has failed: The model's server refused");
    expect(await store.get(task.jobId)).toMatchObject({ status: 'failed', notice: 'pending' });
  });

  it('wait no longer than told, and end at Ctrl-C', async () => {
    const { task } = await agent.submit('ann', 'plan', 'p');
    const late = await run(['wait', task.jobId, '--timeout', '0.1']);
    expect(late).toMatchObject({ code: 1, out: '' });
    expect(late.err).toContain('still running after 0.1 s');
    const waiting = start(['wait', task.jobId]);
    await expect.poll(() => waiting.output.err, { timeout: 30_000 }).toContain('is running');
    waiting.child.kill('SIGINT');
    expect((await waiting.ended).code).toBe(130);
  });

  it('name what is wrong: the task, the key, the command line', async () => {
    expect(await run(['show', 'nothing'])).toMatchObject({
      code: 1,
      err: 'voice-agent: there is no task nothing: "voice-agent tasks list" shows all.\n',
    });
    await store.put(aTask());
    const noKey = await run(['cancel', 'job-1'], { DOUBLEWORD_API_KEY: '' });
    expect(noKey.code).toBe(2);
    expect(noKey.err).toContain('DOUBLEWORD_API_KEY');
    expect((await run(['show'])).code).toBe(2);
    expect((await run(['wait', 'job-1', '--timeout', 'soon'])).code).toBe(2);
  });
});
