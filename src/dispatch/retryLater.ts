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
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
