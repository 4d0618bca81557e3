import type { Clock } from '../time/clock.ts';

export interface BucketOptions {
  /** Requests that may come at once. */
  readonly burst: number;
  /** Requests per second, for long. */
  readonly perSecond: number;
}

/** Most addresses remembered; the ones not seen for the longest are forgotten, which gives them a full bucket. */
const MOST = 10_000;

/** One token bucket for each sender. */
export class TokenBuckets {
  readonly #options: BucketOptions;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { readonly tokens: number; readonly at: number }>();

  constructor(options: BucketOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Whether this sender may go on; takes a token if so. */
  take(sender: string): boolean {
    const { burst, perSecond } = this.#options;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(sender) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    const granted = tokens >= 1;
    this.#buckets.delete(sender);
    this.#buckets.set(sender, { tokens: granted ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MOST) this.#forgetOldest();
    return granted;
  }

  #forgetOldest(): void {
    for (const sender of this.#buckets.keys()) {
      this.#buckets.delete(sender);
      return;
    }
  }
}
