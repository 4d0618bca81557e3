import { isRecord } from './requestLines.ts';
import { withSortedKeys } from './resultLines.ts';
import type { UpstreamAnswer } from './upstream.ts';

export interface StoredResponse {
  readonly id: string;
  readonly model: string;
  readonly createdAt: number;
  outcome?: { readonly at: number; readonly answer: Exclude<UpstreamAnswer, { kind: 'never' }> };
}

/** A flex response as `GET /responses/{id}` shows it; `background` is false there whatever was asked. */
export function responseObject(stored: StoredResponse): unknown {
  return withSortedKeys(plainObject(stored));
}

function plainObject(stored: StoredResponse): Record<string, unknown> {
  const { id, model, createdAt, outcome } = stored;
  const head = { background: false, created_at: createdAt, id, model, object: 'response' };
  if (!outcome) return { ...head, output: [], service_tier: 'flex', status: 'queued' };
  const chat =
    outcome.answer.kind === 'answer' && outcome.answer.status < 400 ? outcome.answer.body : undefined;
  if (!isRecord(chat)) {
    return { ...head, completed_at: outcome.at, output: [], service_tier: 'flex', status: 'failed' };
  }
  const text = { annotations: [], logprobs: [], text: contentOf(chat), type: 'output_text' };
  const message = { content: [text], id: 'item_0000000000000000', role: 'assistant' };
  return {
    ...head,
    completed_at: outcome.at,
    output: [{ ...message, status: 'completed', type: 'message' }],
    service_tier: 'flex',
    status: 'completed',
    usage: usageOf(chat),
  };
}

function contentOf(chat: Record<string, unknown>): unknown {
  const [choice]: unknown[] = Array.isArray(chat.choices) ? chat.choices : [];
  return isRecord(choice) && isRecord(choice.message) ? choice.message.content : null;
}

function usageOf(chat: Record<string, unknown>): Record<string, unknown> {
  const usage = isRecord(chat.usage) ? chat.usage : {};
  return {
    input_tokens: usage.prompt_tokens ?? 0,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.completion_tokens ?? 0,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.total_tokens ?? 0,
  };
}
