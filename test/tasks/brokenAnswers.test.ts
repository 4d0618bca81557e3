import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createDoubleword } from '../../src/tasks/doubleword.ts';
import { systemClock } from '../../src/time/systemClock.ts';

const TASK = { taskId: 'task-1', prompt: 'Write a plan.' };
const JOB = '00000000-0000-4000-8000-000000000001';
const BATCH = { id: JOB, status: 'in_progress', metadata: { task_id: 'task-1' } };
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers as the vendor does, but for what `answers` has for `<method> <first word of the path>`. */
async function setUp(answers: Readonly<Record<string, (response: ServerResponse) => void>>) {
  const asked: string[] = [];
  const usual: Readonly<Record<string, unknown>> = {
    'POST files': { id: 'file-1' },
    'POST batches': BATCH,
    'GET batches': { object: 'list', data: [BATCH], has_more: false },
  };
  const server = createServer((request, response) => {
    const name = `${request.method} ${/^\/v1\/(\w+)/.exec(request.url ?? '')?.[1]}`;
    request.resume();
    request.on('end', () => {
      asked.push(name);
      const answer = answers[name];
      if (answer) return answer(response);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(usual[name]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const api = createDoubleword({
    apiKey: 'sk-secret-key',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    model: 'm',
    systemPrompt: '',
    clock: systemClock,
    timeoutMs: 1_000,
  });
  return { api, asked };
}

/** The headers and half of the body; `then` is what becomes of the rest. */
function half(then: (response: ServerResponse) => void) {
  return (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"id":"', () => then(response));
  };
}
const breaksOff = half((response) => response.destroy());
const ends = half((response) => response.end());
const stalls = half(() => {});

describe('an answer that is not there to its end', () => {
  it.each([
    ['breaks off', breaksOff],
    ['ends too early', ends],
    ['stalls', stalls],
  ])('of a create, which %s: the job is looked for, and not created twice', async (_name, answer) => {
    const { api, asked } = await setUp({ 'POST batches': answer });
    expect(await api.submit(TASK)).toEqual({ jobId: JOB });
    expect(asked).toEqual(['POST files', 'POST batches', 'GET batches']);
  });

  it.each([
    ['breaks off', breaksOff],
    ['ends too early', ends],
    ['stalls', stalls],
  ])('of any other request, which %s, is no refusal', async (_name, answer) => {
    const { api } = await setUp({ 'GET batches': answer });
    await expect(api.list(10)).rejects.toMatchObject({ code: 'VA_BATCH_FAILED', retryable: true });
  });

  it.each([
    ['breaks off', breaksOff],
    ['stalls', stalls],
  ])('of a download, which %s, is no refusal', async (_name, answer) => {
    const { api } = await setUp({ 'GET files': answer });
    const snapshot = { jobId: JOB, status: 'completed', vendorStatus: 'completed' } as const;
    const result = api.result({ ...snapshot, outputFileId: 'out', errorFileId: undefined });
    await expect(result).rejects.toMatchObject({
      code: 'VA_BATCH_FAILED',
      retryable: true,
      message: expect.stringContaining('broke off'),
    });
  });

  it('of a request that was stopped is told as that', async () => {
    const stop = new AbortController();
    const { api } = await setUp({ 'GET batches': half(() => stop.abort()) });
    await expect(api.list(10, stop.signal)).rejects.toMatchObject({
      message: 'The request to Doubleword was stopped.',
    });
  });
});

describe('a 404', () => {
  it('that is not the vendor’s own word for an unknown id says nothing of the job', async () => {
    const page = (response: ServerResponse) => {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<html>No such page</html>');
    };
    const { api } = await setUp({ 'GET batches': page, 'GET files': page });
    const cure = { code: 'VA_BATCH_FAILED', message: expect.stringContaining('DOUBLEWORD_BASE_URL') };
    await expect(api.retrieve(JOB)).rejects.toMatchObject(cure);
    const snapshot = { jobId: JOB, status: 'completed', vendorStatus: 'completed' } as const;
    const result = api.result({ ...snapshot, outputFileId: 'out', errorFileId: undefined });
    await expect(result).rejects.toMatchObject(cure);
  });
});
