import OpenAI, { toFile } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createOfflineDoubleword,
  type OfflineDoublewordOptions,
} from '../../src/offline/doubleword/offlineDoubleword.ts';
import { serve } from '../../src/offline/serve.ts';
import { line, MODEL } from './rig.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(options: OfflineDoublewordOptions = {}, base = '/v1', apiKey = 'sk-any') {
  const vendor = createOfflineDoubleword({ turnaround: { ms: 30 }, populateMs: 10, ...options });
  const server = await serve([vendor]);
  closing.push(() => server.close());
  const client = new OpenAI({ apiKey, baseURL: `${server.origin}${base}`, logLevel: 'off' });
  const upload = async (jsonl: string) =>
    client.files.create({ file: await toFile(Buffer.from(jsonl), 'a.jsonl'), purpose: 'batch' });
  const submit = async (jsonl: string) => {
    const file = await upload(jsonl);
    return client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      metadata: { task_id: 't' },
    });
  };
  return { client, upload, submit, control: vendor.control };
}

const statusOf = async (client: OpenAI, id: string) => (await client.batches.retrieve(id)).status;

describe('the official client, unmodified', () => {
  it.each(['/v1', '/ai/v1'])('runs a batch from upload to document on %s', async (base) => {
    const { client, submit } = await setUp({}, base);
    const batch = await submit(line('plan', 'Create a business plan for a coffee shop'));
    expect(batch).toMatchObject({ object: 'batch', status: 'validating' });
    await expect.poll(() => statusOf(client, batch.id)).toBe('completed');
    const content = await client.files.content(batch.output_file_id ?? '');
    expect(content.headers.get('x-incomplete')).toBe('false');
    const answer = JSON.parse(await content.text());
    expect(answer.custom_id).toBe('plan');
    expect(answer.response.body.choices[0].message.content).toContain('coffee shop');
  });

  it('lists, searches, cancels, reads and deletes', async () => {
    const { client, submit, upload } = await setUp({ turnaround: 'manual' });
    const batch = await submit(line('a', 'x'));
    const found: string[] = [];
    for await (const one of client.batches.list({ limit: 1 })) found.push(one.id);
    expect(found).toEqual([batch.id]);
    await expect.poll(() => statusOf(client, batch.id)).toBe('in_progress');
    expect((await client.batches.cancel(batch.id)).status).toBe('cancelled');
    const file = await upload(line('a', 'x'));
    expect(await client.files.retrieve(file.id)).toMatchObject({ id: file.id, purpose: 'batch' });
    expect(await client.files.delete(file.id)).toMatchObject({ deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
  });

  it('makes two batches of two creates, also when it repeats one of its own accord', async () => {
    const { submit, control } = await setUp();
    control.failNext('batches.create', { kind: 'reset', afterDoing: true });
    await submit(line('a', 'x'));
    expect(control.batches()).toHaveLength(2);
  });

  it('is refused with an invalid key as the vendor refuses it', async () => {
    const { client, upload } = await setUp({}, '/v1', 'invalid-key');
    await expect(client.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    await expect(client.batches.list()).rejects.toMatchObject({ status: 401, error: undefined });
    await expect(upload(line('a', 'x'))).rejects.toMatchObject({ status: 401 });
  });

  it('lists models and chats in real time', async () => {
    const { client } = await setUp();
    const models: string[] = [];
    for await (const model of client.models.list()) models.push(model.id);
    expect(models).toContain(MODEL);
    const messages = [{ role: 'user' as const, content: 'Write a report about tea.' }];
    const chat = await client.chat.completions.create({ model: MODEL, messages });
    expect(chat.choices[0]?.message.content).toContain('tea');
  });
});

async function errorCode(response: Response): Promise<string> {
  return JSON.parse(await response.text()).error.code;
}

describe('what the recording does not show', () => {
  it('a real-time request without a key is 401, with a wrong one 403', async () => {
    const { app } = createOfflineDoubleword();
    const post = (headers: Record<string, string>) =>
      app.request('/v1/chat/completions', { method: 'POST', headers, body: '{}' });
    const missing = await post({});
    expect([missing.status, await errorCode(missing)]).toEqual([401, 'unauthenticated']);
    expect((await post({ authorization: 'Bearer invalid' })).status).toBe(403);
    const models = await app.request('/v1/models');
    expect([models.status, await errorCode(models)]).toEqual([401, 'missing_authorization']);
    const other = await app.request('/v1/models', { headers: { 'x-api-key': 'of-another-vendor' } });
    expect(other.status).toBe(404);
  });

  it('content can be read in pages; offset is ignored', async () => {
    const { client, submit } = await setUp();
    const batch = await submit([1, 2, 3].map((n) => line(`c-${n}`, 'x')).join('\n'));
    await expect.poll(() => statusOf(client, batch.id)).toBe('completed');
    const read = async (query: string) => {
      const response = await client.get<Response>(`/files/${batch.output_file_id}/content?${query}`, {
        __binaryResponse: true,
      });
      const ids = (await response.text())
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text).custom_id);
      return [ids, response.headers.get('x-incomplete'), response.headers.get('x-last-line')];
    };
    expect(await read('limit=2')).toEqual([['c-1', 'c-2'], 'true', '2']);
    expect(await read('skip=2&limit=2')).toEqual([['c-3'], 'false', '3']);
    expect(await read('offset=2')).toEqual([['c-1', 'c-2', 'c-3'], 'false', '3']);
    expect(await read('search=c-3')).toEqual([['c-3'], 'false', '1']);
  });

  it('an unknown after gives the first page, an unknown status is refused', async () => {
    const { client, submit } = await setUp();
    const batch = await submit(line('a', 'x'));
    const after = '00000000-0000-4000-8000-000000000000';
    expect((await client.batches.list({ after })).data.map((one) => one.id)).toEqual([batch.id]);
    const odd = client.get('/batches?status=strange', { maxRetries: 0 });
    await expect(odd).rejects.toMatchObject({ status: 400 });
  });

  it('a byte-order mark refuses line 1', async () => {
    const { upload } = await setUp();
    await expect(upload(`\uFEFF${line('a', 'x')}`)).rejects.toThrow(/Invalid JSON on line 1/);
  });

  it('limits of size and number refuse the file', async () => {
    const { upload } = await setUp({ limits: { fileBytes: 600, fileRequests: 1 } });
    await expect(upload([line('a', 'x'), line('b', 'x')].join('\n'))).rejects.toThrow(
      '400 File contains 2 requests, which exceeds the maximum of 1',
    );
    await expect(upload(line('a', 'x'.repeat(1000)))).rejects.toThrow(
      '413 File exceeds the maximum allowed size of 600 bytes',
    );
  });

  it('429 says 30 seconds in its body and 60 in its header', async () => {
    const { client, control } = await setUp();
    control.failNext('batches.list', { kind: 'tooManyRequests' });
    const error = await client.batches.list({}, { maxRetries: 0 }).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    if (error instanceof OpenAI.APIError) expect(error.headers?.get('retry-after')).toBe('60');
  });

  it('a batch can be made never to finish', async () => {
    const { client, submit, control } = await setUp();
    control.answerNext({ kind: 'never' });
    const stuck = await submit(line('a', 'x'));
    await expect.poll(() => statusOf(client, stuck.id)).toBe('in_progress');
    const quick = await submit(line('a', 'x'));
    await expect.poll(() => statusOf(client, quick.id)).toBe('completed');
    expect(await statusOf(client, stuck.id)).toBe('in_progress');
  });
});
