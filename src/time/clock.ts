/** The only source of time below the command line, so that a test can run hours of conversation in a second. */
export interface Clock {
  /** Milliseconds on a monotonic scale with an arbitrary zero. */
  now(): number;
  /** Runs `fn` once after `ms`; the returned function cancels it and may be called at any time. */
  setTimer(ms: number, fn: () => void): () => void;
}
