import Anthropic from '@anthropic-ai/sdk';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createOfflineClaude, type OfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { call, say } from '../../src/offline/claude/plannedReply.ts';
import { type OfflineServer, serve } from '../../src/offline/serve.ts';
import { waitUntil } from '../support/waitUntil.ts';

let vendor: OfflineClaude;
let server: OfflineServer;

beforeEach(async () => {
  vendor = createOfflineClaude();
  server = await serve([vendor]);
});

afterEach(() => server.close());

const sdk = (options: { apiKey?: string; maxRetries?: number } = {}) =>
  new Anthropic({ apiKey: 'any', baseURL: server.origin, logLevel: 'off', ...options });

const HELLO = {
  model: 'claude-haiku-5-5',
  max_tokens: 300,
  messages: [{ role: 'user' as const, content: 'What is the capital of France?' }],
};
const PLAN_TOOL = { name: 'submit_batch_task', description: 'x', input_schema: { type: 'object' as const } };

async function post(body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${server.origin}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer any',
      'anthropic-version': '2026-10-21',
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

/** The raw events of a stream, in order. */
async function events(body: unknown): Promise<{ name: string; data: Record<string, unknown> }[]> {
  const text = await (await post({ stream: true, ...(body as object) })).text();
  return text
    .trim()
    .split('\n\n')
    .map((frame) => {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
      return { name, data: JSON.parse(data) as Record<string, unknown> };
    });
}

describe('the official SDK, unmodified', () => {
  it('reads a stream with .stream()', async () => {
    const message = await sdk().messages.stream(HELLO).finalMessage();
    expect(message.content.find((block) => block.type === 'text')?.text).toBe(
      'The capital of France is Paris.',
    );
    expect(message.stop_reason).toBe('end_turn');
  });

  it('reads a raw stream, with unknown events in it', async () => {
    let text = '';
    for (let i = 0; i < 2; i++) {
      for await (const event of await sdk().messages.create({ ...HELLO, stream: true })) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
          text += event.delta.text;
      }
    }
    expect(text).toBe('The capital of France is Paris.'.repeat(2));
  });

  it('reads an answer without a stream', async () => {
    const message = await sdk().messages.create(HELLO);
    expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'The capital of France is Paris.' });
  });

  it('puts a tool call together from awkward pieces', async () => {
    const input = {
      task_description: 'a "quoted" \\ plan\n— für 日本 👩‍🚀',
      n: [-1.5e3, true, null],
      deep: { a: {} },
    };
    vendor.script(call('submit_batch_task', input, 'Sure.'));
    const message = await sdk()
      .messages.stream({ ...HELLO, tools: [PLAN_TOOL] })
      .finalMessage();
    expect(message.content.find((block) => block.type === 'tool_use')?.input).toEqual(input);
    expect(message.stop_reason).toBe('tool_use');
  });

  it('takes back the thinking that it sent, and refuses it when it was changed', async () => {
    vendor.script({
      blocks: [
        { type: 'thinking', thinking: 'Paris, of course.' },
        { type: 'text', text: 'Paris.' },
      ],
    });
    const { content } = await sdk().messages.stream(HELLO).finalMessage();
    expect(content[0]).toMatchObject({ type: 'thinking', thinking: 'Paris, of course.' });
    const follow = (blocks: Anthropic.ContentBlockParam[]) =>
      sdk().messages.create({
        ...HELLO,
        messages: [
          ...HELLO.messages,
          { role: 'assistant', content: blocks },
          { role: 'user', content: 'Thanks' },
        ],
      });
    await expect(follow(content as Anthropic.ContentBlockParam[])).resolves.toMatchObject({
      role: 'assistant',
    });
    const [thinking, ...rest] = content;
    if (thinking?.type !== 'thinking') throw new Error('no thinking');
    await expect(
      follow([{ ...thinking, thinking: 'Paris' }, ...(rest as Anthropic.ContentBlockParam[])]),
    ).rejects.toThrow(
      '`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified',
    );
  });

  it('retries 529 twice and then throws, as documented', async () => {
    vendor.failNext({ kind: 'status', status: 529, message: 'Overloaded' }, 3);
    await expect(sdk().messages.create(HELLO)).rejects.toMatchObject({
      status: 529,
      type: 'overloaded_error',
    });
    expect(vendor.requests).toHaveLength(3);
  });

  test.each([
    ['error', 'overloaded_error'],
    ['reset', 'terminated'],
  ] as const)('%s in a stream throws', async (how, text) => {
    vendor.failNext({ kind: 'stream', how });
    const read = async () => {
      for await (const _ of await sdk().messages.create({ ...HELLO, stream: true }));
    };
    await expect(read()).rejects.toThrow(text);
  });

  it('a clean end without message_stop looks normal to the raw iterator and not to .stream()', async () => {
    vendor.failNext({ kind: 'stream', how: 'end' }, 2);
    const types: string[] = [];
    for await (const event of await sdk().messages.create({ ...HELLO, stream: true })) types.push(event.type);
    expect(types).not.toContain('message_stop');
    await expect(sdk().messages.stream(HELLO).finalMessage()).rejects.toThrow(
      'stream ended without producing a Message',
    );
  });

  it('invalid tool JSON makes .stream() reject', async () => {
    vendor.script(call('submit_batch_task', {}));
    vendor.failNext({ kind: 'invalidToolJson' });
    await expect(
      sdk()
        .messages.stream({ ...HELLO, tools: [PLAN_TOOL] })
        .finalMessage(),
    ).rejects.toThrow();
  });

  it('lists models page by page', async () => {
    const page = await sdk().models.list({ limit: 1 });
    expect(page.data).toHaveLength(1);
    const ids: string[] = [];
    for await (const model of sdk().models.list({ limit: 7 })) ids.push(model.id);
    expect(ids).toContain('claude-haiku-5-5');
    expect(new Set(ids).size).toBe(ids.length);
    expect(await sdk().models.retrieve('claude-opus-5-5')).toMatchObject({ display_name: 'Claude Opus 5.5' });
    await expect(sdk().models.retrieve('claude-2')).rejects.toMatchObject({ status: 404 });
  });
});

describe('keys and headers', () => {
  it('takes Bearer and x-api-key with the older version', async () => {
    expect((await post(HELLO)).status).toBe(200);
    const older = await post(HELLO, {
      authorization: '',
      'x-api-key': 'any',
      'anthropic-version': '2023-06-01',
    });
    expect(older.status).toBe(200);
    expect(vendor.requests.map((request) => request.auth)).toEqual(['bearer', 'x-api-key']);
  });

  test.each([
    [{ authorization: '' }, 401, 'authentication_error'],
    [{ authorization: 'Bearer invalid-1' }, 401, 'authentication_error'],
    [{ authorization: '', 'x-api-key': 'invalid' }, 401, 'authentication_error'],
    [{ 'anthropic-version': '' }, 400, 'invalid_request_error'],
  ])('%j is refused with %i', async (headers, status, type) => {
    const response = await post(HELLO, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type },
      request_id: expect.stringMatching(/^req_/),
    });
  });

  it('leaves the shared path /v1/models to others when the request is not for Claude', async () => {
    const other = new Hono().get('/v1/models', (c) => c.json({ object: 'list' }));
    const both = await serve([createOfflineClaude(), { app: other, close: async () => {} }]);
    try {
      const plain = await fetch(`${both.origin}/v1/models`, { headers: { authorization: 'Bearer any' } });
      expect(await plain.json()).toEqual({ object: 'list' });
      const ours = await new Anthropic({ apiKey: 'any', baseURL: both.origin }).models.list({ limit: 1 });
      expect(ours.data).toHaveLength(1);
      const wrong = new Anthropic({ apiKey: 'invalid', baseURL: both.origin });
      await expect(wrong.models.list()).rejects.toMatchObject({ status: 401 });
    } finally {
      await both.close();
    }
  });

  it('takes the shapes of other clients', async () => {
    const response = await post({
      ...HELLO,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      tools: [{ ...PLAN_TOOL, strict: true }],
      messages: [
        { role: 'user', content: '(empty)' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'submit_batch_task', input: {} }],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              is_error: false,
              content: [{ type: 'text', text: 'ok' }],
            },
          ],
        },
      ],
    });
    expect(response.status).toBe(200);
  });
});

describe('the stream', () => {
  it('has the exact order of events, with a ping', async () => {
    const names = (await events({ ...HELLO, thinking: { type: 'disabled' } })).map((event) => event.name);
    expect(names.slice(0, 3)).toEqual(['message_start', 'ping', 'content_block_start']);
    expect(names.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
    const middle = new Set(names.slice(3, -3));
    expect([...middle]).toEqual(['content_block_delta']);
    expect((await events(HELLO)).some((event) => event.name === 'vendor_notice')).toBe(true);
  });

  it('begins a tool call with {} and an empty piece, and cuts its JSON inside escapes', async () => {
    vendor.script(call('submit_batch_task', { text: 'a "b" \\ c' }));
    const all = await events({ ...HELLO, thinking: { type: 'disabled' }, tools: [PLAN_TOOL] });
    const start = all.find((event) => event.name === 'content_block_start');
    expect(start?.data).toMatchObject({
      content_block: { type: 'tool_use', id: expect.stringMatching(/^toolu_/), input: {} },
    });
    const pieces = all.flatMap(({ data }) => {
      const { partial_json } = (data.delta ?? {}) as { partial_json?: string };
      return partial_json === undefined ? [] : [partial_json];
    });
    expect(pieces[0]).toBe('');
    expect(pieces.some((piece) => piece.endsWith('\\'))).toBe(true);
    expect(JSON.parse(pieces.join(''))).toEqual({ text: 'a "b" \\ c' });
    expect(all.find((event) => event.name === 'message_delta')?.data).toMatchObject({
      delta: { stop_reason: 'tool_use' },
      usage: { output_tokens: expect.any(Number) },
    });
  });

  it('thinks first by default on Haiku 5.5, with the text left out and a signature', async () => {
    const all = await events(HELLO);
    expect(all.find((event) => event.name === 'content_block_start')?.data).toMatchObject({
      content_block: { type: 'thinking', thinking: '', signature: '' },
    });
    expect(
      all.some(({ data }) => (data.delta as { type?: string } | undefined)?.type === 'signature_delta'),
    ).toBe(true);
  });

  it('is silent beside a tool call on Sonnet 5.5', async () => {
    const message = await sdk()
      .messages.stream({
        ...HELLO,
        model: 'claude-sonnet-5-5',
        thinking: { type: 'between_tools' },
        tools: [PLAN_TOOL],
        messages: [{ role: 'user', content: 'Create a business plan for a coffee shop' }],
      })
      .finalMessage();
    expect(message.content.map((block) => block.type)).toEqual(['thinking', 'tool_use']);
  });

  it('cuts at max_tokens, in the middle of a tool call if it falls there', async () => {
    const message = await sdk().messages.create({ ...HELLO, thinking: { type: 'disabled' }, max_tokens: 2 });
    expect(message).toMatchObject({ stop_reason: 'max_tokens', content: [{ text: 'The capital of' }] });
    vendor.script(call('submit_batch_task', { task_description: 'plan' }));
    const cut = await events({ ...HELLO, thinking: { type: 'disabled' }, max_tokens: 3, tools: [PLAN_TOOL] });
    expect(cut.find((event) => event.name === 'message_delta')?.data).toMatchObject({
      delta: { stop_reason: 'max_tokens' },
    });
  });

  it('explains a refusal', async () => {
    vendor.script({ ...say('I cannot help with that.'), stopReason: 'refusal' });
    expect(await sdk().messages.create(HELLO)).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    });
  });

  it('keeps the latencies that were set, and notes what was sent before the client hung up', async () => {
    vendor.setLatency({ firstTokenMs: 40, perTokenMs: 20 });
    const startedAt = performance.now();
    const stream = await sdk().messages.create({ ...HELLO, thinking: { type: 'disabled' }, stream: true });
    let text = '';
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
      if (text !== '') break;
    }
    expect(performance.now() - startedAt).toBeGreaterThan(50);
    await waitUntil('the vendor sees it', () => vendor.requests[0]?.aborted === true);
    const sent = vendor.requests[0]?.sentText ?? '';
    expect(sent.startsWith(text)).toBe(true);
    expect('The capital of France is Paris.'.startsWith(sent)).toBe(true);
    expect(sent).not.toBe('The capital of France is Paris.');
  });
});

it('answers an unreadable body like the vendor', async () => {
  const headers = { authorization: 'Bearer any', 'anthropic-version': '2026-10-21' };
  const response = await fetch(`${server.origin}/v1/messages`, { method: 'POST', headers, body: '{' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
});
