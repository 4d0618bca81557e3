import Anthropic from '@anthropic-ai/sdk';
import { Agent } from 'undici';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { claudeFailure } from './claudeFailure.ts';
import { claudeRequest } from './claudeRequest.ts';
import { ClaudeTurn } from './claudeTurn.ts';
import type { LanguageModel, LlmEvent, LlmRequest, LlmUsage, StopReason } from './languageModel.ts';
import { retryDelay } from './retryDelay.ts';
import { thinkingFor } from './thinking.ts';
import { Watchdog } from './watchdog.ts';

export interface ClaudeOptions {
  readonly apiKey: string;
  /** Default `https://api.anthropic.com`. */
  readonly baseUrl?: string;
  readonly model: string;
  /** Longest reply, in tokens; a tool call's input counts. Default 2048. */
  readonly maxTokens?: number;
  /** Milliseconds from the request to the first event of the reply. Default 10 000. */
  readonly firstTokenTimeoutMs?: number;
  /** Milliseconds between two events of the reply; pings do not count. Default 10 000. */
  readonly idleTimeoutMs?: number;
  readonly clock: Clock;
  readonly log?: Pick<Logger, 'warn'>;
}

/** More pauses than any voice reply needs: a model that pauses for ever must not hold the caller for ever. */
const MAX_PAUSES = 5;
/** Waiting for the body's end keeps the connection usable for the next turn, but a complete reply does not wait long. */
const CLOSING_MS = 250;
const NO_TOKENS: LlmUsage = { inputTokens: 0, outputTokens: 0 };

/** What has happened in one reply so far, across its tries. */
interface Progress {
  spoken: boolean;
}

/** Claude through the official SDK: the raw event stream, with our own time limits and our own short retries. */
export function createClaude(options: ClaudeOptions): LanguageModel {
  const { model, clock, maxTokens = 2048, firstTokenTimeoutMs = 10_000, idleTimeoutMs = 10_000 } = options;
  const apiKey = options.apiKey.trim();
  const baseUrl = options.baseUrl ?? 'https://api.anthropic.com';
  // The SDK would obey a retry-after of any length and print to the console: both are ours to decide.
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: 60_000,
    logLevel: 'off',
    // Node closes an idle connection after 4 s: every turn after a longer pause would pay a new handshake.
    fetchOptions: { dispatcher: new Agent({ keepAliveTimeout: 60_000 }) },
  });

  async function* reply(request: LlmRequest, { signal }: { signal: AbortSignal }): AsyncGenerator<LlmEvent> {
    const params = claudeRequest(request, { model, maxTokens });
    const progress: Progress = { spoken: false };
    let usage = NO_TOKENS;
    for (let pauses = 0; pauses <= MAX_PAUSES; pauses++) {
      const turn = yield* turnWithRetries(params, signal, progress);
      if (!turn) return;
      usage = add(usage, turn.usage);
      if (turn.stopReason !== 'pause_turn') {
        yield endOf(turn, usage);
        return;
      }
      params.messages = [...params.messages, { role: 'assistant', content: turn.content() }];
    }
    throw new VoiceAgentError('VA_LLM_FAILED', `Claude paused more than ${MAX_PAUSES} times in one reply.`);
  }

  /** Undefined when `signal` ended it. Tries again only while nothing of the reply has been handed on. */
  async function* turnWithRetries(
    params: Anthropic.MessageCreateParamsStreaming,
    signal: AbortSignal,
    progress: Progress,
  ): AsyncGenerator<LlmEvent, ClaudeTurn | undefined> {
    const startedAt = clock.now();
    for (let attempt = 0; ; attempt++) {
      try {
        return yield* oneTurn(params, signal, progress);
      } catch (thrown) {
        if (signal.aborted) return undefined;
        const { error, retryAfterMs } = claudeFailure(thrown, { apiKey, model, baseUrl });
        const retryable = error.retryable && !progress.spoken;
        const elapsedMs = clock.now() - startedAt;
        const delayMs = retryable ? retryDelay({ attempt, elapsedMs, retryAfterMs }) : undefined;
        if (delayMs === undefined) throw error;
        options.log?.warn('Claude failed; trying again', { attempt, delayMs, reason: error.message });
        await sleep(clock, delayMs, signal);
        if (signal.aborted) return undefined;
      }
    }
  }

  async function* oneTurn(
    params: Anthropic.MessageCreateParamsStreaming,
    signal: AbortSignal,
    progress: Progress,
  ): AsyncGenerator<LlmEvent, ClaudeTurn | undefined> {
    const watchdog = new Watchdog(clock, signal);
    const turn = new ClaudeTurn();
    try {
      watchdog.allow(firstTokenTimeoutMs);
      const stream = await client.messages.create(params, { signal: watchdog.signal });
      for await (const event of stream) {
        // What has arrived but was not handed on yet ends here too.
        if (signal.aborted) return undefined;
        watchdog.pause();
        const text = turn.accept(event);
        if (text !== '') {
          progress.spoken = true;
          yield { type: 'text', text };
        }
        watchdog.allow(turn.complete ? CLOSING_MS : idleTimeoutMs);
      }
    } catch (thrown) {
      if (!watchdog.expired && !turn.complete) throw thrown;
    } finally {
      watchdog.close();
    }
    if (signal.aborted) return undefined;
    if (turn.complete) {
      // Parsed here, inside the try of the retries: input that is not JSON is worth another try.
      if (turn.stopReason === 'tool_use') turn.toolUses();
      return turn;
    }
    throw new VoiceAgentError(
      'VA_LLM_FAILED',
      watchdog.expired
        ? 'Claude fell silent in the middle of a request. If this goes on, check the network and status.claude.com.'
        : 'Claude ended its reply before it was complete.',
      { retryable: true },
    );
  }

  async function check(signal?: AbortSignal): Promise<void> {
    const watchdog = new Watchdog(clock, signal ?? new AbortController().signal);
    watchdog.allow(firstTokenTimeoutMs);
    try {
      await client.messages.create(
        { model, max_tokens: 1, ...thinkingFor(model), messages: [{ role: 'user', content: 'Hello' }] },
        { signal: watchdog.signal },
      );
    } catch (thrown) {
      const silent = new VoiceAgentError(
        'VA_LLM_FAILED',
        `Claude at ${baseUrl} did not answer in time: check the network and ANTHROPIC_BASE_URL.`,
        { retryable: true },
      );
      throw claudeFailure(watchdog.expired ? silent : thrown, { apiKey, model, baseUrl }).error;
    } finally {
      watchdog.close();
    }
  }

  return { reply, check };
}

function add(a: LlmUsage, b: LlmUsage): LlmUsage {
  return { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };
}

function endOf(turn: ClaudeTurn, usage: LlmUsage): LlmEvent {
  const toolUses = turn.stopReason === 'tool_use' ? turn.toolUses() : [];
  const stopReason = toolUses.length > 0 ? 'toolUse' : stopReasonOf(turn.stopReason);
  return { type: 'end', stopReason, toolUses, usage };
}

function stopReasonOf(vendor: Anthropic.StopReason | null): Exclude<StopReason, 'toolUse'> {
  if (vendor === 'max_tokens') return 'maxTokens';
  if (vendor === 'refusal') return 'refusal';
  if (vendor === 'model_context_window_exceeded') return 'contextFull';
  return 'end';
}
