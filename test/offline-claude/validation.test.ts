import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createOfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { type OfflineServer, serve } from '../../src/offline/serve.ts';

let server: OfflineServer;

beforeEach(async () => {
  server = await serve([createOfflineClaude()]);
});

afterEach(() => server.close());

const HELLO = { model: 'claude-haiku-5-5', max_tokens: 300, messages: [{ role: 'user', content: 'Hello' }] };
const PLAN_TOOL = { name: 'submit_batch_task', description: 'x', input_schema: { type: 'object' } };

async function post(body: unknown) {
  return fetch(`${server.origin}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer any',
      'anthropic-version': '2026-10-21',
    },
    body: JSON.stringify(body),
  });
}

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const toolUse = { type: 'tool_use', id: 'toolu_x', name: 'submit_batch_task', input: {} };
const toolResult = { type: 'tool_result', tool_use_id: 'toolu_x', content: 'ok' };
const UNANSWERED =
  'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_x. Each `tool_use` block must have a corresponding `tool_result` block in the next message.';
const PREFILL =
  'This model does not support assistant message prefill. The conversation must end with a user message.';

describe('rules between messages, in the literal words of the vendor', () => {
  test.each<[string, unknown[], string]>([
    ['an unanswered call', [user('a'), assistant([toolUse]), user('b')], UNANSWERED],
    ['a call at the end', [user('a'), assistant([toolUse])], UNANSWERED],
    [
      'text before the result',
      [user('a'), assistant([toolUse]), user([{ type: 'text', text: 'b' }, toolResult])],
      UNANSWERED,
    ],
    [
      'text before the result in two messages that merge',
      [user('a'), assistant([toolUse]), user('b'), user([toolResult])],
      UNANSWERED,
    ],
    [
      'text after a call',
      [user('a'), assistant([toolUse, { type: 'text', text: 'b' }]), user([toolResult])],
      UNANSWERED,
    ],
    [
      'a result without a call',
      [user('a'), assistant('b'), user([toolResult])],
      '`tool_result` block(s) provided when previous message does not contain any `tool_use` blocks',
    ],
    ['empty text', [user([{ type: 'text', text: '' }])], 'messages: text content blocks must be non-empty'],
    ['blank text', [user(' \n')], 'text content blocks must contain non-whitespace text'],
    [
      'no content',
      [user('a'), assistant([]), user('b')],
      'messages.1: all messages must have non-empty content except for the optional final assistant message',
    ],
    ['prefill', [user('a'), assistant('The answer is')], PREFILL],
    [
      'a system message',
      [user('a'), { role: 'system', content: 'b' }],
      "role 'system' is not supported on this model",
    ],
    ['an assistant first', [assistant('a'), user('b')], 'first message must use the "user" role'],
    [
      'a document from the assistant',
      [user('a'), assistant([{ type: 'document' }]), user('b')],
      'document blocks',
    ],
    ['citations of the user', [user([{ type: 'text', text: 'a', citations: [{}] }])], 'citations'],
    ['no messages', [], 'messages: at least one message is required'],
    [
      'a strange role',
      [{ role: 'tool', content: 'a' }],
      "messages.0.role: Input should be 'user', 'assistant' or 'system'",
    ],
  ])('%s', async (_name, messages, text) => {
    const response = await post({ ...HELLO, messages });
    expect(response.status).toBe(400);
    const body = (await response.json()) as { error: { type: string; message: string } };
    expect(body.error.type).toBe('invalid_request_error');
    expect(body.error.message).toContain(text);
  });

  it('merges neighbours of one role instead of refusing them', async () => {
    const response = await post({ ...HELLO, messages: [user('What is'), user('two plus two?')] });
    expect(await response.json()).toMatchObject({
      content: [expect.anything(), { text: 'Two plus two is four.' }],
    });
  });

  it('knows which models take prefill and system messages', async () => {
    const older = { ...HELLO, model: 'claude-haiku-4-5' };
    expect((await post({ ...older, messages: [user('a'), assistant('b')] })).status).toBe(200);
    const blank = await post({ ...older, messages: [user('a'), assistant('b ')] });
    expect(await blank.text()).toContain('final assistant content cannot end with trailing whitespace');
    const system = { role: 'system', content: 'A task finished.' };
    expect((await post({ ...HELLO, model: 'claude-opus-5-5', messages: [user('a'), system] })).status).toBe(
      200,
    );
  });
});

describe('parameters', () => {
  test.each<[object, number, string]>([
    [{ temperature: 1 }, 400, 'temperature'],
    [{ top_p: 1 }, 400, 'top_p'],
    [{ top_k: 5 }, 400, 'top_k'],
    [{ model: 'claude-sonnet-4-20250514' }, 404, 'model: claude-sonnet-4-20250514'],
    [{ model: undefined }, 400, 'model: Field required'],
    [{ max_tokens: undefined }, 400, 'max_tokens: Field required'],
    [{ messages: undefined }, 400, 'messages: Field required'],
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, 400, 'claude-haiku-5-5'],
    [{ thinking: { type: 'disabled', budget_tokens: 2000 } }, 400, 'budget_tokens'],
    [{ model: 'claude-sonnet-5-5', thinking: { type: 'disabled' } }, 400, '`disabled` is not supported'],
    [{ model: 'claude-sonnet-5-5', tool_choice: { type: 'any' }, tools: [PLAN_TOOL] }, 400, 'tool_choice'],
    [
      { model: 'claude-sonnet-5-5', thinking: { type: 'between_tools' }, output_config: { effort: 'xhigh' } },
      400,
      'effort',
    ],
    [{ model: 'claude-opus-5-5', thinking: { type: 'disabled' } }, 400, '`disabled` is not supported'],
    [{ tools: [{ name: 'a b', input_schema: { type: 'object' } }] }, 400, 'tools.0.name'],
    [{ tools: [PLAN_TOOL, PLAN_TOOL] }, 400, 'unique'],
    [{ tools: [{ name: 'x' }] }, 400, 'input_schema'],
  ])('%j is refused with %i', async (change, status, text) => {
    const response = await post({ ...HELLO, ...change });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });

  test.each([
    { thinking: { type: 'disabled' } },
    { model: 'claude-sonnet-5-5', thinking: { type: 'between_tools' }, output_config: { effort: 'low' } },
    { tool_choice: { type: 'any' }, tools: [PLAN_TOOL] },
    { model: 'claude-haiku-4-5', thinking: { type: 'enabled', budget_tokens: 2000 } },
  ])('%j is accepted', async (change) => {
    expect((await post({ ...HELLO, ...change })).status).toBe(200);
  });
});
