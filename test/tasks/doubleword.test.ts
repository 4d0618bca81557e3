import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createOfflineDoubleword,
  type OfflineDoublewordOptions,
} from '../../src/offline/doubleword/offlineDoubleword.ts';
import { serve } from '../../src/offline/serve.ts';
import { createDoubleword, type DoublewordOptions } from '../../src/tasks/doubleword.ts';
import { FakeBatchApi } from '../support/fakeBatchApi.ts';
import { hastyClock } from '../support/hastyClock.ts';
import { createLinesLogger } from '../support/linesLogger.ts';
import { type BatchApiHarness, batchApiContract } from './batchApi.contract.ts';

const MODEL = 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8';
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function client(baseUrl: string, options: Partial<DoublewordOptions> = {}) {
  return createDoubleword({
    apiKey: 'sk-secret-key',
    baseUrl,
    model: MODEL,
    systemPrompt: 'You write documents.',
    clock: hastyClock,
    // Half a minute on this clock.
    timeoutMs: 3_000_000,
    ...options,
  });
}

async function setUp(options: Partial<DoublewordOptions> = {}, vendor: OfflineDoublewordOptions = {}) {
  const doubleword = createOfflineDoubleword({ turnaround: 'manual', populateMs: 0, ...vendor });
  const server = await serve([doubleword]);
  closing.push(() => server.close());
  const { control } = doubleword;
  const api = client(`${server.origin}/v1`, options);
  const count = (operation: string) =>
    control.requests.filter((request) => request.operation === operation).length;
  return { api, control, count, origin: server.origin };
}

const TASK = { taskId: 'task-1', prompt: 'Create a business plan for a coffee shop.' };

describe('the Doubleword client, with the offline server', () => {
  batchApiContract(async (): Promise<BatchApiHarness> => {
    const { api, control } = await setUp();
    return { api, finish: control.complete, fail: control.fail, jobCount: () => control.batches().length };
  });
});

describe('the batch API of tests', () => {
  batchApiContract(async (): Promise<BatchApiHarness> => {
    const api = new FakeBatchApi();
    return {
      api,
      finish: (jobId, text) => api.finish(jobId, text),
      fail: (jobId) => api.fail(jobId, 'The model refused.'),
      jobCount: () => api.jobs.size,
    };
  });
});

describe('a submission', () => {
  it('sends what was asked, with our prompt, limits and id', async () => {
    const asked: Readonly<Record<string, unknown>>[] = [];
    const upstream: OfflineDoublewordOptions['upstream'] = (body) => {
      asked.push(body);
      return { kind: 'never' };
    };
    const { api, control } = await setUp(
      { maxTokens: 1000, temperature: 0.2 },
      { upstream, turnaround: { ms: 0 } },
    );
    await api.submit(TASK);
    await expect.poll(() => asked).toHaveLength(1);
    expect(asked[0]).toEqual({
      model: MODEL,
      messages: [
        { role: 'system', content: 'You write documents.' },
        { role: 'user', content: TASK.prompt },
      ],
      max_tokens: 1000,
      temperature: 0.2,
    });
    expect(control.batches()).toMatchObject([{ metadata: { task_id: 'task-1' } }]);
  });

  it('gives the vendor’s own deadline', async () => {
    const { api } = await setUp();
    const { jobId } = await api.submit(TASK);
    const { expiresAt = 0 } = await api.retrieve(jobId);
    expect(Math.abs(expiresAt - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  it('falls back to 24 hours when the window is refused, and remembers', async () => {
    const log = createLinesLogger();
    const { api, count, control } = await setUp({ log }, { models: [{ id: MODEL, windows: ['24h'] }] });
    await api.submit(TASK);
    await api.submit({ ...TASK, taskId: 'task-2' });
    expect(count('batches.create')).toBe(3);
    expect(control.batches()).toHaveLength(2);
    expect(log.lines).toEqual([expect.stringContaining('24h')]);
  });

  it('falls back when the server does not know the window at all', async () => {
    const { api, control } = await setUp({}, { allowedWindows: ['24h'] });
    await api.submit(TASK);
    expect(control.batches()).toHaveLength(1);
  });

  it.each([
    ['the connection broke after the job was created', { kind: 'reset', afterDoing: true }],
    [
      'the answer was 500 although the job was created',
      { kind: 'answer', status: 500, body: 'no', afterDoing: true },
    ],
    [
      'the answer was 504 although the job was created',
      { kind: 'answer', status: 504, body: 'no', afterDoing: true },
    ],
    [
      'the answer had no id',
      { kind: 'answer', status: 201, body: '{}', contentType: 'application/json', afterDoing: true },
    ],
  ] as const)('finds its job when %s, and creates no second', async (_name, fault) => {
    const { api, control, count } = await setUp();
    control.failNext('batches.create', fault);
    const { jobId } = await api.submit(TASK);
    expect(control.batches().map((batch) => batch.id)).toEqual([jobId]);
    expect(count('batches.create')).toBe(1);
  });

  it('finds its job when the answer to the create came too late', async () => {
    const { api, control, count } = await setUp({ timeoutMs: 150_000 });
    control.failNext('batches.create', { kind: 'slow', ms: 60_000, afterDoing: true });
    const { jobId } = await api.submit(TASK);
    expect(control.batches().map((batch) => batch.id)).toEqual([jobId]);
    expect(count('batches.list')).toBeGreaterThan(0);
  });

  it('reports a create that happens after all looking was over; it can be found later', async () => {
    const { api, control } = await setUp({ timeoutMs: 150_000 });
    control.failNext('batches.create', { kind: 'slow', ms: 6_000 });
    await expect(api.submit(TASK)).rejects.toMatchObject({ code: 'VA_BATCH_FAILED', retryable: true });
    await expect.poll(() => control.batches()).toHaveLength(1);
    expect(await api.find('task-1')).toMatchObject({ jobId: control.batches()[0]?.id });
  });

  it.each([
    ['a broken connection', { kind: 'reset' }],
    ['500', { kind: 'answer', status: 500, body: 'oops' }],
    ['503', { kind: 'unavailable' }],
  ] as const)('never creates twice after %s: it looks, and reports', async (_name, fault) => {
    const { api, control, count } = await setUp();
    control.failNext('batches.create', fault);
    await expect(api.submit(TASK)).rejects.toMatchObject({ code: 'VA_BATCH_FAILED', retryable: true });
    expect(count('batches.create')).toBe(1);
    expect(count('batches.list')).toBe(3);
    expect(control.batches()).toEqual([]);
  });

  it('looks again when the list cannot be read either', async () => {
    const { api, control } = await setUp();
    control.failNext('batches.create', { kind: 'reset', afterDoing: true });
    control.failNext('batches.list', { kind: 'reset' }, 2);
    const { jobId } = await api.submit(TASK);
    expect(control.batches().map((batch) => batch.id)).toEqual([jobId]);
  });

  it('repeats an upload that a passing fault stopped', async () => {
    const { api, control, count } = await setUp();
    control.failNext('files.create', { kind: 'answer', status: 502, body: 'bad gateway' }, 2);
    await api.submit(TASK);
    expect(count('files.create')).toBe(3);
  });

  it('is not held up by a long Retry-After', async () => {
    const { api, control, count } = await setUp();
    control.failNext('files.create', { kind: 'tooManyRequests' });
    await expect(api.submit(TASK)).rejects.toMatchObject({ code: 'VA_BATCH_FAILED', retryable: true });
    control.failNext('batches.create', { kind: 'tooManyRequests' });
    await expect(api.submit(TASK)).rejects.toMatchObject({ code: 'VA_BATCH_FAILED', retryable: true });
    expect([count('files.create'), count('batches.create'), count('batches.list')]).toEqual([2, 1, 0]);
  });

  it('stops when it is told to', async () => {
    const { api, control } = await setUp();
    control.failNext('files.create', { kind: 'slow', ms: 5000 });
    const stop = new AbortController();
    const submitting = api.submit(TASK, stop.signal);
    setTimeout(() => stop.abort(), 30);
    await expect(submitting).rejects.toMatchObject({ code: 'VA_BATCH_FAILED' });
    expect(control.batches()).toEqual([]);
  });
});

describe('the list of our jobs', () => {
  it('is read page by page, without those of other programs, and not for ever', async () => {
    const { api, control, count } = await setUp();
    for (let i = 0; i < 130; i++) await api.submit({ ...TASK, taskId: `task-${i}` });
    await api.submit({ ...TASK, taskId: 'of another program' });
    const listed = await api.list(300);
    expect(listed.map(({ taskId }) => taskId)).toEqual(
      Array.from({ length: 130 }, (_, i) => `task-${129 - i}`),
    );
    expect(count('batches.list')).toBe(2);
    // A server that gives the same page for ever, and says that there is more.
    const page = { object: 'list', data: [{ id: 'a', status: 'in_progress' }], has_more: true };
    const same = { kind: 'answer', status: 200, body: JSON.stringify(page) } as const;
    control.failNext('batches.list', { ...same, contentType: 'application/json' }, 5);
    expect(await api.list(300)).toHaveLength(1);
    expect(count('batches.list')).toBe(4);
  });
});

describe('an error names its cure', () => {
  it('for a refused key', async () => {
    const { api } = await setUp({ apiKey: 'invalid-key' });
    const refusal = { code: 'VA_BATCH_AUTH', message: expect.stringContaining('DOUBLEWORD_API_KEY') };
    await expect(api.submit(TASK)).rejects.toMatchObject(refusal);
    await expect(api.check()).rejects.toMatchObject(refusal);
    await expect(api.retrieve('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject(refusal);
  });

  it('for a refused key that shows as a broken connection', async () => {
    const { api, control, count } = await setUp({ apiKey: 'invalid-key' });
    control.failNext('files.create', { kind: 'reset' }, 3);
    await expect(api.submit(TASK)).rejects.toMatchObject({ code: 'VA_BATCH_AUTH' });
    expect([count('files.create'), count('models')]).toEqual([1, 1]);
  });

  it.each([
    ['unknown', [{ id: 'other' }]],
    ['without batches', [{ id: MODEL, batch: false }]],
    ['of another type', [{ id: MODEL, type: 'EMBEDDINGS' }]],
  ] as const)('for a model that is %s', async (_name, models) => {
    const { api } = await setUp({}, { models });
    await expect(api.submit(TASK)).rejects.toMatchObject({
      code: 'VA_BATCH_MODEL',
      message: expect.stringContaining('BATCH_MODEL'),
    });
  });

  it('for an unknown model at the check, with some that exist', async () => {
    const { api } = await setUp({ model: 'no/such-model' });
    await expect(api.check()).rejects.toMatchObject({
      code: 'VA_BATCH_MODEL',
      message: expect.stringContaining(MODEL),
    });
  });

  it('for an account that asks too often, with the pause that the vendor wants', async () => {
    const { api, control } = await setUp();
    control.failNext('batches.list', { kind: 'tooManyRequests' });
    await expect(api.list(10)).rejects.toMatchObject({ code: 'VA_BATCH_FAILED', retryAfterMs: 60_000 });
  });

  it('for an empty account', async () => {
    const { api, control, count } = await setUp();
    control.failNext('batches.create', { kind: 'noCredit' });
    await expect(api.submit(TASK)).rejects.toMatchObject({
      code: 'VA_BATCH_FAILED',
      message: expect.stringContaining('credit'),
      retryable: false,
    });
    expect(count('batches.list')).toBe(0);
  });

  it('for a base URL without its path, which answers with web pages', async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(request.method === 'GET' ? 200 : 405, { 'content-type': 'text/html' });
      response.end(request.method === 'GET' ? '<html>Welcome</html>' : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const api = client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const cure = { code: 'VA_BATCH_FAILED', message: expect.stringContaining('DOUBLEWORD_BASE_URL') };
    await expect(api.check()).rejects.toMatchObject(cure);
    await expect(api.submit(TASK)).rejects.toMatchObject(cure);
    await expect(api.retrieve('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject(cure);
    await expect(api.find('task-1')).rejects.toMatchObject(cure);
  });

  it('for a server that is not there', async () => {
    const api = client('http://127.0.0.1:9/v1');
    await expect(api.check()).rejects.toMatchObject({
      code: 'VA_BATCH_FAILED',
      retryable: true,
      message: expect.stringContaining('127.0.0.1:9'),
    });
  });

  it('without the key in it, even when the vendor repeats it', async () => {
    const { api, control } = await setUp();
    const echo = { kind: 'answer', status: 400, body: 'bad key sk-secret-key here' } as const;
    control.failNext('files.create', echo);
    const error: unknown = await api.submit(TASK).catch((cause: unknown) => cause);
    expect(String(error)).toContain('[key]');
    expect(String(error)).not.toContain('sk-secret-key');
  });
});

describe('a result', () => {
  it('of a batch that was cancelled before it began counts as cancelled', async () => {
    const { api, control } = await setUp({}, { populateMs: 60_000 });
    const { jobId } = await api.submit(TASK);
    control.cancel(jobId);
    expect(control.batches()).toMatchObject([{ status: 'cancelling' }]);
    expect(await api.retrieve(jobId)).toMatchObject({ status: 'cancelled', vendorStatus: 'cancelling' });
  });

  it('that is too large is not downloaded', async () => {
    const { api, control } = await setUp({ maxResultBytes: 10_000 });
    const { jobId } = await api.submit(TASK);
    control.complete(jobId, 'x'.repeat(50_000));
    expect(await api.result(await api.retrieve(jobId))).toEqual({
      ok: false,
      reason: 'The result was too large to download.',
    });
  });

  it('that the vendor has deleted is said', async () => {
    const { api, control } = await setUp();
    const { jobId } = await api.submit(TASK);
    control.complete(jobId, 'x');
    const snapshot = await api.retrieve(jobId);
    control.forget(jobId);
    expect(await api.result(snapshot)).toEqual({
      ok: false,
      reason: expect.stringContaining('no longer stored'),
    });
  });

  it('names the model’s own error', async () => {
    const { api, control } = await setUp();
    const { jobId } = await api.submit(TASK);
    control.fail(jobId, 422, 'The prompt is too long.');
    expect(await api.result(await api.retrieve(jobId))).toEqual({
      ok: false,
      reason: "The model's server refused the request with status 422: The prompt is too long.",
    });
  });

  it('that is cut, or only thought, is told as such', async () => {
    const { api, control } = await setUp();
    const first = await api.submit(TASK);
    control.complete(first.jobId, { content: 'Half', finishReason: 'length' });
    expect(await api.result(await api.retrieve(first.jobId))).toMatchObject({
      ok: true,
      text: expect.stringContaining('length limit'),
    });
    const second = await api.submit({ ...TASK, taskId: 'task-2' });
    control.complete(second.jobId, { content: null, reasoning: 'Hm.' });
    expect(await api.result(await api.retrieve(second.jobId))).toMatchObject({ ok: false });
  });

  it('whose download breaks rejects, to be read again', async () => {
    const { api, control } = await setUp();
    const { jobId } = await api.submit(TASK);
    control.complete(jobId, 'x');
    const snapshot = await api.retrieve(jobId);
    control.failNext('files.content', { kind: 'reset' });
    await expect(api.result(snapshot)).rejects.toMatchObject({ retryable: true });
    expect(await api.result(snapshot)).toEqual({ ok: true, text: 'x' });
  });
});
