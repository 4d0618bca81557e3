import { VoiceAgentError } from '../errors.ts';

/** Milliseconds before a job that failed is run again; doubles up to the longest. */
const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

/** Thrown by a run that knows when to try again. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** Pause after the `failures`-th failure in a row, ms. */
export function retryDelay(failures: number, error: unknown): number {
  if (error instanceof RetryLater) return error.afterMs;
  // Nothing is wrong, and any call that ends makes room: whoever waited longest is not to look least often.
  if (error instanceof VoiceAgentError && error.code === 'VA_CALLS_FULL') return FIRST_MS;
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
