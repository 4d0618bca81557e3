export interface RetryOptions {
  /** First wait. Default 250 ms. */
  readonly baseMs: number;
  /** Longest wait. Default 8000 ms. */
  readonly maxMs: number;
  /** Failures in a row before giving up. Default 8 (about half a minute). */
  readonly attempts: number;
}

export const RETRY_DEFAULTS = { baseMs: 250, maxMs: 8000, attempts: 8 } as const satisfies RetryOptions;

/** Exponential back-off with jitter (half to the whole of the step), bounded in the number of failures in a row. */
export class RetryBudget {
  readonly #options: RetryOptions;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: RetryOptions, random: () => number = Math.random) {
    this.#options = options;
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Notes a failure: the wait before the next attempt in ms, or undefined when the budget is spent. */
  next(): number | undefined {
    this.#failures += 1;
    if (this.#failures > this.#options.attempts) return undefined;
    const step = Math.min(this.#options.maxMs, this.#options.baseMs * 2 ** (this.#failures - 1));
    return step * (0.5 + 0.5 * this.#random());
  }

  reset(): void {
    this.#failures = 0;
  }
}
