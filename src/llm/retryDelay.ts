const MAX_RETRIES = 2;
/** Somebody is waiting on the line: after this a spoken apology serves better than another try. */
const BUDGET_MS = 4000;
const FIRST_DELAY_MS = 250;

/**
 * Milliseconds to wait before the next try, or undefined to give up. A wait that the vendor asks for is obeyed only when
 * it fits the budget; trying sooner than it asked would be refused again.
 */
export function retryDelay(failure: {
  /** 0 for the first try. */
  attempt: number;
  elapsedMs: number;
  retryAfterMs: number | undefined;
}): number | undefined {
  if (failure.attempt >= MAX_RETRIES) return undefined;
  const backoff = FIRST_DELAY_MS * 3 ** failure.attempt * (0.75 + Math.random() / 4);
  const delayMs = Math.max(backoff, failure.retryAfterMs ?? 0);
  return failure.elapsedMs + delayMs <= BUDGET_MS ? delayMs : undefined;
}
