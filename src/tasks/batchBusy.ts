import { VoiceAgentError } from '../errors.ts';

/** The vendor asks for a pause before the next request. */
export class BatchBusyError extends VoiceAgentError {
  readonly retryAfterMs: number;

  constructor(message: string, options: { readonly cause: unknown; readonly retryAfterMs: number }) {
    super('VA_BATCH_FAILED', message, { cause: options.cause, retryable: true });
    this.retryAfterMs = options.retryAfterMs;
  }
}
