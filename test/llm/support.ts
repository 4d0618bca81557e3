import { afterEach } from 'vitest';
import { type ClaudeOptions, createClaude } from '../../src/llm/claude.ts';
import type { LanguageModel, LlmEvent, LlmRequest } from '../../src/llm/languageModel.ts';
import {
  createOfflineClaude,
  type OfflineClaude,
  type OfflineClaudeOptions,
} from '../../src/offline/claude/offlineClaude.ts';
import { type OfflineServer, serve } from '../../src/offline/serve.ts';
import { systemClock } from '../../src/time/systemClock.ts';

const open: OfflineServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

export interface Setup {
  readonly vendor: OfflineClaude;
  readonly server: OfflineServer;
  readonly model: LanguageModel;
}

/** The real client against the stand-in, closed after the test. */
export async function setup(
  options: { client?: Partial<ClaudeOptions>; vendor?: OfflineClaudeOptions } = {},
): Promise<Setup> {
  const vendor = createOfflineClaude(options.vendor);
  const server = await serve([vendor]);
  open.push(server);
  const model = createClaude({
    apiKey: 'key-for-tests',
    baseUrl: server.origin,
    model: 'claude-haiku-5-5',
    clock: systemClock,
    ...options.client,
  });
  return { vendor, server, model };
}

export function ask(text: string, extra: Partial<LlmRequest> = {}): LlmRequest {
  return {
    system: 'You are a voice assistant.',
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    tools: [],
    ...extra,
  };
}

export const SUBMIT = {
  name: 'submit_batch_task',
  description: 'Starts long work.',
  inputSchema: { type: 'object', properties: { task_description: { type: 'string' } } },
} as const;

export async function collect(
  model: LanguageModel,
  request: LlmRequest,
  signal = new AbortController().signal,
) {
  const events: LlmEvent[] = [];
  for await (const event of model.reply(request, { signal })) events.push(event);
  const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
  const last = events.at(-1);
  return { events, text, end: last?.type === 'end' ? last : undefined };
}
