import { describe, expect, it, test } from 'vitest';
import { VoiceAgentError } from '../../src/errors.ts';
import type { LlmEvent } from '../../src/llm/languageModel.ts';
import type { Fault } from '../../src/offline/claude/faults.ts';
import { call, say } from '../../src/offline/claude/plannedReply.ts';
import { waitUntil } from '../support/waitUntil.ts';
import { languageModelContract } from './languageModelContract.ts';
import { ask, collect, SUBMIT, setup } from './support.ts';

describe('the LanguageModel contract, over the wire', () => {
  languageModelContract(async () => (await setup()).model);
});

describe('the LanguageModel contract on a model that thinks', () => {
  languageModelContract(async () => (await setup({ client: { model: 'claude-sonnet-5-5' } })).model);
});

/** Reads a reply to its failure; what was yielded before it counts too. */
async function failure(run: AsyncIterable<LlmEvent>): Promise<{ error: VoiceAgentError; text: string }> {
  let text = '';
  try {
    for await (const event of run) if (event.type === 'text') text += event.text;
  } catch (error) {
    if (error instanceof VoiceAgentError) return { error, text };
    throw error;
  }
  throw new Error('The reply did not fail.');
}

const quiet = () => ({ signal: new AbortController().signal });

describe('when the stream breaks after the first words', () => {
  test.each<[string, Fault]>([
    ['an error event', { kind: 'stream', how: 'error' }],
    ['an end without message_stop', { kind: 'stream', how: 'end' }],
    ['a socket reset', { kind: 'stream', how: 'reset' }],
    ['silence', { kind: 'stream', how: 'silence' }],
  ])('%s is a retryable failure, and nothing is said twice', async (_name, fault) => {
    const { vendor, model } = await setup({ client: { idleTimeoutMs: 2_000 } });
    vendor.failNext(fault);
    const { error, text } = await failure(model.reply(ask('What is the capital of France?'), quiet()));
    expect(error).toMatchObject({ code: 'VA_LLM_FAILED', retryable: true });
    expect(text).toBe('The');
    expect(vendor.requests).toHaveLength(1);
  });

  it('hangs up on a vendor that has gone silent', async () => {
    const { vendor, model } = await setup({ client: { idleTimeoutMs: 100 } });
    vendor.failNext({ kind: 'stream', how: 'silence' });
    await failure(model.reply(ask('Hello'), quiet()));
    await waitUntil('the vendor sees it', () => vendor.requests[0]?.aborted === true);
  });
});

describe('when it breaks before the first word', () => {
  test.each<[string, Fault]>([
    ['an error event', { kind: 'stream', how: 'error', afterDeltas: 0 }],
    ['an end without message_stop', { kind: 'stream', how: 'end', afterDeltas: 0 }],
    ['a reset in the stream', { kind: 'stream', how: 'reset', afterDeltas: 0 }],
    ['silence after the headers', { kind: 'stream', how: 'silence', afterDeltas: 0 }],
    ['no answer at all', { kind: 'noAnswer' }],
    ['a reset before the headers', { kind: 'reset' }],
    ['408', { kind: 'status', status: 408 }],
    ['409', { kind: 'status', status: 409 }],
    ['429 with a short retry-after', { kind: 'status', status: 429, headers: { 'retry-after': '0.3' } }],
    ['500', { kind: 'status', status: 500 }],
    ['529', { kind: 'status', status: 529 }],
    ['400 with x-should-retry', { kind: 'status', status: 400, headers: { 'x-should-retry': 'true' } }],
  ])('%s is tried again, and the caller hears one whole answer', async (_name, fault) => {
    const { vendor, model } = await setup({ client: { firstTokenTimeoutMs: 2_500, idleTimeoutMs: 2_500 } });
    vendor.failNext(fault);
    const { text } = await collect(model, ask('What is the capital of France?'));
    expect(text).toBe('The capital of France is Paris.');
    expect(vendor.requests).toHaveLength(2);
  });

  it('a tool call whose input is not JSON is asked for again', async () => {
    const { vendor, model } = await setup();
    vendor.script(call('submit_batch_task', { task_description: 'plan' }));
    vendor.script(call('submit_batch_task', { task_description: 'plan' }));
    vendor.failNext({ kind: 'invalidToolJson' });
    const { end } = await collect(model, ask('Create a plan', { tools: [SUBMIT] }));
    expect(end?.toolUses[0]?.input).toEqual({ task_description: 'plan' });
    expect(vendor.requests).toHaveLength(2);
  });

  it('such a call after spoken words is a failure', async () => {
    const { vendor, model } = await setup();
    vendor.failNext({ kind: 'invalidToolJson' });
    const { error, text } = await failure(
      model.reply(ask('Create a business plan', { tools: [SUBMIT] }), quiet()),
    );
    expect(error).toMatchObject({ code: 'VA_LLM_FAILED', message: expect.stringContaining('not JSON') });
    expect(text).toBe('Sure, I will start on that.');
  });

  it('gives up after three tries', async () => {
    const { vendor, model } = await setup();
    vendor.failNext({ kind: 'status', status: 529, message: 'Overloaded' }, 5);
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error).toMatchObject({ code: 'VA_LLM_FAILED', retryable: true });
    expect(error.message).toContain('Overloaded');
    expect(vendor.requests).toHaveLength(3);
  });

  test.each<[string, Fault, boolean]>([
    ['429 that asks for a minute', { kind: 'status', status: 429, headers: { 'retry-after': '60' } }, true],
    [
      'a date far ahead',
      { kind: 'status', status: 529, headers: { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' } },
      true,
    ],
    [
      '500 with x-should-retry: false',
      { kind: 'status', status: 500, headers: { 'x-should-retry': 'false' } },
      false,
    ],
    ['413', { kind: 'status', status: 413 }, false],
  ])('does not wait for %s', async (_name, fault, retryable) => {
    const { vendor, model } = await setup();
    vendor.failNext(fault);
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error).toMatchObject({ code: 'VA_LLM_FAILED', retryable });
    expect(vendor.requests).toHaveLength(1);
  });

  it('reports a server that is not there, with its address', async () => {
    const { server, model } = await setup();
    await server.close();
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error).toMatchObject({ code: 'VA_LLM_FAILED', retryable: true });
    expect(error.message).toContain(server.origin);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('ends quietly when the signal aborts during a wait between tries', async () => {
    const { vendor, model } = await setup();
    vendor.failNext({ kind: 'status', status: 429, headers: { 'retry-after': '3' } });
    const controller = new AbortController();
    const run = collect(model, ask('Hello'), controller.signal);
    await waitUntil('the vendor sees it', () => vendor.requests[0]?.outcome === 'failed');
    controller.abort();
    expect((await run).events).toEqual([]);
    expect(vendor.requests).toHaveLength(1);
  });
});

describe('barge-in', () => {
  it('hangs up, and the vendor stops sending', async () => {
    const { vendor, model } = await setup({ vendor: { latency: { perTokenMs: 10 } } });
    const controller = new AbortController();
    for await (const event of model.reply(ask('Tell me about the history of coffee'), controller)) {
      if (event.type === 'text') controller.abort();
    }
    await waitUntil('the vendor sees it', () => vendor.requests[0]?.aborted === true);
    expect(vendor.requests[0]?.sentText.length).toBeLessThan(200);
  });

  it('hangs up when the reader just stops reading', async () => {
    const { vendor, model } = await setup({ vendor: { latency: { perTokenMs: 10 } } });
    for await (const _event of model.reply(ask('Tell me a story'), quiet())) break;
    await waitUntil('the vendor sees it', () => vendor.requests[0]?.aborted === true);
  });

  it('does not take a slow reader for a silent vendor', async () => {
    const { model } = await setup({ client: { idleTimeoutMs: 300 } });
    let text = '';
    for await (const event of model.reply(ask('What is two plus two?'), quiet())) {
      if (text === '') await new Promise((resolve) => setTimeout(resolve, 700));
      if (event.type === 'text') text += event.text;
    }
    expect(text).toBe('Two plus two is four.');
  });
});

describe('settings that somebody must change', () => {
  it('a refused key names ANTHROPIC_API_KEY', async () => {
    const { vendor, model } = await setup({ client: { apiKey: 'invalid-key-123' } });
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error).toMatchObject({ code: 'VA_LLM_AUTH', retryable: false });
    expect(error.message).toContain('ANTHROPIC_API_KEY');
    await expect(model.check()).rejects.toMatchObject({ code: 'VA_LLM_AUTH' });
    expect(vendor.requests).toHaveLength(2);
  });

  it('a missing key is reported in the same way, not by a crash at the start', async () => {
    const { model } = await setup({ client: { apiKey: '' } });
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error).toMatchObject({
      code: 'VA_LLM_AUTH',
      message: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
  });

  it('an unknown model names LLM_MODEL and the model', async () => {
    const { model } = await setup({ client: { model: 'claude-sonnet-4-20250514' } });
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error).toMatchObject({ code: 'VA_LLM_MODEL', retryable: false });
    expect(error.message).toMatch(/LLM_MODEL/);
    expect(error.message).toMatch(/claude-sonnet-4-20250514/);
    await expect(model.check()).rejects.toMatchObject({ code: 'VA_LLM_MODEL' });
  });

  test.each<[number, string, string]>([
    [403, 'forbidden', 'VA_LLM_AUTH'],
    [402, 'Payment required', 'VA_LLM_AUTH'],
    [400, 'Your credit balance is too low to access the Claude API.', 'VA_LLM_AUTH'],
    [400, 'model: unknown model', 'VA_LLM_MODEL'],
    [400, 'thinking.type: `disabled` is not supported on claude-haiku-5-5', 'VA_LLM_MODEL'],
    [400, 'messages: something else', 'VA_LLM_FAILED'],
  ])('%i "%s" is %s', async (status, message, code) => {
    const { vendor, model } = await setup();
    vendor.failNext({ kind: 'status', status, message });
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.message).toContain(message);
  });

  it('a wrong base URL names ANTHROPIC_BASE_URL', async () => {
    const { server } = await setup();
    const { model } = await setup({ client: { baseUrl: `${server.origin}/nowhere` } });
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    expect(error.message).toContain('ANTHROPIC_BASE_URL');
  });

  it('never shows the key, even when the vendor echoes it', async () => {
    const apiKey = 'sk-secret-abcdef';
    const { vendor, model } = await setup({ client: { apiKey: `${apiKey}\n` } });
    vendor.failNext({
      kind: 'status',
      status: 401,
      message: `The key ${apiKey} is wrong; so is sk-ant-api03-xyz`,
    });
    const { error } = await failure(model.reply(ask('Hello'), quiet()));
    const everything = `${error.message} ${String(error.cause)} ${JSON.stringify(error.cause)} ${error.stack}`;
    expect(everything).not.toContain(apiKey);
    expect(everything).not.toContain('api03');
    expect(error.message).toContain('[redacted]');
  });

  it('check() reports a vendor that does not answer in time', async () => {
    const { vendor, model } = await setup({ client: { firstTokenTimeoutMs: 100 } });
    vendor.failNext({ kind: 'noAnswer' });
    await expect(model.check()).rejects.toMatchObject({ code: 'VA_LLM_FAILED', retryable: true });
  });
});

describe('stop reasons', () => {
  test.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['max_tokens', 'maxTokens'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'contextFull'],
  ] as const)('%s ends as %s', async (stopReason, expected) => {
    const { vendor, model } = await setup();
    vendor.script({ ...say('I see.'), stopReason });
    const { end, text } = await collect(model, ask('Hello'));
    expect(text).toBe('I see.');
    expect(end?.stopReason).toBe(expected);
  });

  it('runs no tool from a reply that was cut off in the middle of its input', async () => {
    const { vendor, model } = await setup();
    vendor.failNext({ kind: 'maxTokens', afterDeltas: 9 });
    const { end } = await collect(model, ask('Create a business plan', { tools: [SUBMIT] }));
    expect(end).toMatchObject({ stopReason: 'maxTokens', toolUses: [] });
  });

  it('goes on by itself after pause_turn, with the content sent back as it was', async () => {
    const { vendor, model } = await setup();
    const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
    vendor.script(
      {
        blocks: [
          { type: 'text', text: 'Let me look.' },
          { type: 'vendor', block: search },
        ],
        stopReason: 'pause_turn',
      },
      say(' It is sunny.'),
    );
    const { text, events, end } = await collect(model, ask('How is the weather?'));
    expect(text).toBe('Let me look. It is sunny.');
    expect(events.filter((event) => event.type === 'end')).toHaveLength(1);
    expect(end?.usage.outputTokens).toBeGreaterThan(2);
    expect(vendor.requests[1]?.body).toMatchObject({
      messages: [
        { role: 'user' },
        { role: 'assistant', content: [{ type: 'text', text: 'Let me look.' }, search] },
      ],
    });
  });

  it('does not pause for ever', async () => {
    const { vendor, model } = await setup();
    const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
    const paused = { blocks: [{ type: 'vendor', block: search }], stopReason: 'pause_turn' } as const;
    vendor.script(...Array.from({ length: 10 }, () => paused));
    const { error } = await failure(model.reply(ask('Search'), quiet()));
    expect(error.code).toBe('VA_LLM_FAILED');
    expect(vendor.requests.length).toBeLessThan(10);
  });
});

describe('what goes over the wire', () => {
  it('is authorised with Bearer and caches system prompt and tools', async () => {
    const { vendor, model } = await setup();
    await collect(model, ask('Hello', { tools: [SUBMIT] }));
    expect(vendor.requests[0]?.auth).toBe('bearer');
    expect(vendor.requests[0]?.body).toMatchObject({
      model: 'claude-haiku-5-5',
      stream: true,
      thinking: { type: 'disabled' },
      system: [{ type: 'text', text: 'You are a voice assistant.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'submit_batch_task', input_schema: { type: 'object' } }],
    });
  });

  it('may forbid tools for one reply', async () => {
    const { vendor, model } = await setup();
    const plan = ask('Create a business plan', { tools: [SUBMIT], toolChoice: 'none' });
    const { end } = await collect(model, plan);
    expect(end?.stopReason).toBe('end');
    expect(vendor.requests[0]?.body).toMatchObject({ tool_choice: { type: 'none' }, tools: [{}] });
    const withoutTools = await collect(model, ask('Hello', { toolChoice: 'none' }));
    expect(withoutTools.text).toMatch(/Hello/);
  });

  test.each([
    ['claude-haiku-5-5', { thinking: { type: 'disabled' } }],
    ['claude-sonnet-5-5', { thinking: { type: 'between_tools' }, output_config: { effort: 'low' } }],
    ['claude-opus-5-5', { output_config: { effort: 'low' } }],
    ['claude-haiku-4-5', {}],
  ])('%s is asked with the settings that it accepts', async (name, settings) => {
    const { vendor, model } = await setup({ client: { model: name } });
    await collect(model, ask('Hello'));
    await model.check();
    const { thinking, output_config } = (vendor.requests[0]?.body ?? {}) as Record<string, unknown>;
    expect({ thinking, output_config }).toEqual({
      thinking: undefined,
      output_config: undefined,
      ...settings,
    });
    expect(vendor.requests.map((request) => request.outcome)).toEqual(['sent', 'sent']);
  });

  it('makes any history acceptable: greeting first, blanks, results after text', async () => {
    const { vendor, model } = await setup();
    const use = { type: 'toolUse', id: 'toolu_1', name: 'submit_batch_task', input: {} } as const;
    const { text } = await collect(model, {
      system: ' ',
      tools: [SUBMIT],
      messages: [
        { role: 'assistant', content: [{ type: 'text', text: 'Hello! How can I help? ' }] },
        { role: 'user', content: [{ type: 'text', text: 'Create a plan' }] },
        { role: 'assistant', content: [{ type: 'text', text: '  ' }, use] },
        { role: 'user', content: [{ type: 'text', text: 'What is two plus two?' }] },
        {
          role: 'user',
          content: [{ type: 'toolResult', toolUseId: 'toolu_1', content: 'Down.', isError: true }],
        },
      ],
    });
    expect(text).toBe('Two plus two is four.');
    expect(vendor.requests[0]?.body).toMatchObject({
      messages: [
        { role: 'user' },
        { role: 'assistant', content: [{ type: 'text', text: 'Hello! How can I help?' }] },
        { role: 'user' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1' }] },
        { role: 'user', content: [{ type: 'tool_result', is_error: true }, { type: 'text' }] },
      ],
    });
  });
});
