import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import { type ErrorCode, VoiceAgentError } from '../errors.ts';
import { redact } from './redact.ts';

export interface ClaudeFailure {
  readonly error: VoiceAgentError;
  /** How long the vendor asks us to wait before another try, if it said so. */
  readonly retryAfterMs: number | undefined;
}

interface Known {
  readonly apiKey: string;
  readonly model: string;
  readonly baseUrl: string;
}

/** Turns whatever the SDK threw into an error that names its cure, with the key taken out. */
export function claudeFailure(thrown: unknown, known: Known): ClaudeFailure {
  if (thrown instanceof VoiceAgentError) return { error: thrown, retryAfterMs: undefined };
  const detail = redact(describe(thrown), known.apiKey);
  const make = (code: ErrorCode, message: string, retryable: boolean): ClaudeFailure => ({
    error: new VoiceAgentError(code, message, { cause: safeCause(thrown, known.apiKey), retryable }),
    retryAfterMs: thrown instanceof APIError ? retryAfter(thrown.headers) : undefined,
  });
  if (!(thrown instanceof APIError) || thrown instanceof APIConnectionError) {
    return make('VA_LLM_FAILED', `The connection to Claude at ${known.baseUrl} failed: ${detail}`, true);
  }
  const { status } = thrown;
  if (status === 401 || status === 403) {
    return make(
      'VA_LLM_AUTH',
      `Anthropic refused the key (${status}): set ANTHROPIC_API_KEY to a valid key that may use ${known.model}. ${detail}`,
      false,
    );
  }
  if (status === 402 || thrown.type === 'billing_error' || /credit balance/i.test(detail)) {
    return make(
      'VA_LLM_AUTH',
      `The Anthropic account cannot pay for the request: add credit, or set ANTHROPIC_API_KEY to another account's key. ${detail}`,
      false,
    );
  }
  if (namesModel(thrown, detail, known.model)) {
    return make(
      'VA_LLM_MODEL',
      `Anthropic refused the model "${known.model}": set LLM_MODEL to a model that this account has. ${detail}`,
      false,
    );
  }
  if (status === 404) {
    return make(
      'VA_LLM_FAILED',
      `There is no Claude API at ${known.baseUrl}: correct ANTHROPIC_BASE_URL. ${detail}`,
      false,
    );
  }
  return make('VA_LLM_FAILED', `Claude did not answer: ${detail}`, mayPass(thrown));
}

function namesModel(error: APIError, detail: string, model: string): boolean {
  if (error.status === 404) return error.type === 'not_found_error';
  return error.status === 400 && (/^model\b/i.test(error.apiMessage ?? '') || detail.includes(model));
}

/** An `error` event inside a stream has no status, only a type. */
function mayPass(error: APIError): boolean {
  const asked = error.headers?.get('x-should-retry');
  if (asked === 'true') return true;
  if (asked === 'false') return false;
  const { status } = error;
  if (status === undefined) {
    return error.type !== 'invalid_request_error';
  }
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

function describe(thrown: unknown): string {
  if (thrown instanceof APIError && thrown.apiMessage) {
    return `${thrown.status ?? 'In the stream'}: ${thrown.apiMessage}`;
  }
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? ` (${innermost(thrown.cause).message})` : '';
  return `${thrown.message}${cause}`;
}

function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

/** The original error, unless the vendor echoed the key into it. */
function safeCause(thrown: unknown, apiKey: string): unknown {
  const echoed = thrown instanceof APIError ? JSON.stringify(thrown.error ?? '') : '';
  const text = `${describe(thrown)} ${thrown instanceof Error ? thrown.message : ''} ${echoed}`;
  return redact(text, apiKey) === text ? thrown : new Error(redact(describe(thrown), apiKey));
}

function retryAfter(headers: Headers | undefined): number | undefined {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (milliseconds > 0) return milliseconds;
  const header = headers?.get('retry-after') ?? '';
  const seconds = Number.parseFloat(header);
  if (seconds > 0) return seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
