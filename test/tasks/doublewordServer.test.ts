import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { serve } from '../../src/offline/serve.ts';
import type { BatchApi, BatchSnapshot } from '../../src/tasks/batchApi.ts';
import { createDoubleword } from '../../src/tasks/doubleword.ts';
import { createJsonTaskStore } from '../../src/tasks/jsonTaskStore.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';

/**
 * What the client and the desk need of a Doubleword server. `npm run test:doubleword` holds it against the real
 * one (DOUBLEWORD_API_KEY, DOUBLEWORD_BASE_URL and BATCH_MODEL, also from .env), which costs a few short answers; every other
 * run, against the stand-in.
 */
const isLive = process.env.npm_lifecycle_event === 'test:doubleword';
const { doubleword } = loadConfig(isLive ? readEnvironment() : {}, { mode: 'tasks' });
const live = isLive ? doubleword.baseUrl : undefined;
if (live && !doubleword.apiKey) throw new Error('DOUBLEWORD_API_KEY is missing: set it here or in .env.');
const MINUTES = live ? 20 : 1;
const POLL_MS = live ? 5_000 : 50;
/** Of the stand-in: what is to be cancelled must not be done by then. */
const TURNAROUND_MS = 2_000;

describe(`the Doubleword server ${live ?? 'that stands in'}`, { timeout: MINUTES * 60_000 }, () => {
  let api: BatchApi;
  let folder: string;
  let close = async () => {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-agent-doubleword-'));
    let baseUrl = live;
    if (baseUrl === undefined) {
      const server = await serve([createOfflineDoubleword({ turnaround: { ms: TURNAROUND_MS } })]);
      baseUrl = `${server.origin}/v1`;
      close = () => server.close();
    }
    api = createDoubleword({
      apiKey: doubleword.apiKey ?? 'offline',
      baseUrl,
      model: doubleword.model,
      systemPrompt: 'Answer in one short sentence.',
      maxTokens: 64,
      clock: systemClock,
    });
  });
  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });

  const newTask = () => ({ taskId: `task-${crypto.randomUUID()}`, prompt: 'Say that the test works.' });
  const ended = async (jobId: string): Promise<BatchSnapshot> => {
    for (;;) {
      const snapshot = await api.retrieve(jobId);
      if (snapshot.status !== 'running') return snapshot;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  it('accepts the key and offers the model', async () => {
    await expect(api.check()).resolves.toBeUndefined();
  });

  it('does a task, and gives its answer', async () => {
    const task = newTask();
    const { jobId } = await api.submit(task);
    expect(jobId).toMatch(/^[0-9a-f-]{36}$/);
    const running = await api.retrieve(jobId);
    expect(running).toMatchObject({ jobId, taskId: task.taskId });
    expect((running.expiresAt ?? 0) - Date.now()).toBeGreaterThan(0);
    const snapshot = await ended(jobId);
    expect(snapshot.status).toBe('completed');
    expect(await api.result(snapshot)).toMatchObject({ ok: true, text: expect.stringMatching(/\w/) });
  });

  it('finds a job by what is in its metadata, and lists it among the newest', async () => {
    const task = newTask();
    const { jobId } = await api.submit(task);
    expect(await api.find(task.taskId)).toMatchObject({ jobId });
    expect(await api.find(`task-${crypto.randomUUID()}`)).toBeUndefined();
    const listed = await api.list(20);
    expect(listed.find((job) => job.jobId === jobId)).toMatchObject({ taskId: task.taskId });
    await ended(jobId);
  });

  it('lists more jobs than one page has, each once', async () => {
    const { jobId } = await api.submit(newTask());
    const listed = await api.list(150);
    expect(new Set(listed.map((job) => job.jobId)).size).toBe(listed.length);
    expect(listed.length).toBeLessThanOrEqual(150);
    await ended(jobId);
  });

  it('cancels', async () => {
    const { jobId } = await api.submit(newTask());
    expect(await api.cancel(jobId)).toMatchObject({ jobId, status: 'cancelled' });
    expect(await ended(jobId)).toMatchObject({ status: 'cancelled' });
  });

  it('says that it does not know a job', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await api.retrieve(nobody)).toMatchObject({ status: 'gone' });
  });

  it('serves a desk from the submission over a restart to the word that its end was heard', async () => {
    const open = () => {
      const store = createJsonTaskStore(join(folder, 'tasks_results.json'));
      const world = { api, store, clock: systemClock, log: silentLogger, pollIntervalMs: POLL_MS };
      return { store, desk: createTaskDesk({ ...world, lookMs: 50 }) };
    };
    const first = open();
    await first.desk.start();
    const { task } = await first.desk.submit('ann', 'a word', 'Say that the test works.');
    await first.desk.stop();
    const second = open();
    await second.desk.start();
    const told = await new Promise((resolve) => second.desk.follow('ann', resolve));
    expect(told).toMatchObject({ jobId: task.jobId, status: 'completed', notice: 'speaking' });
    await second.desk.markHeard(task.jobId);
    expect(await second.store.get(task.jobId)).toMatchObject({ notice: 'heard' });
    await second.desk.stop();
  });
});
