import type { Clock } from '../time/clock.ts';

/**
 * Our own count of what a real-time sink has accepted and not played: it plays `rate` samples a second whenever it
 * has any. (rtc-node's `queuedDuration` also counts frames that were rejected.)
 */
export class QueueMeter {
  readonly #clock: Clock;
  readonly #samplesPerMs: number;
  #level = 0;
  #at = 0;

  /** `rate` in Hz. */
  constructor(clock: Clock, rate: number) {
    this.#clock = clock;
    this.#samplesPerMs = rate / 1000;
  }

  /** Samples, never negative. */
  get queued(): number {
    const played = (this.#clock.now() - this.#at) * this.#samplesPerMs;
    return Math.max(0, Math.round(this.#level - played));
  }

  /** A negative number takes back samples that were not accepted after all. */
  add(samples: number): void {
    this.#level = Math.max(0, this.queued + samples);
    this.#at = this.#clock.now();
  }

  reset(): void {
    this.#level = 0;
  }
}
