import type { Clock } from '../../../src/time/clock.ts';

/** The session's own view of a clock: knows what the session is waiting for. */
export class CountingClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<object>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimer(ms: number, fn: () => void): () => void {
    const timer = {};
    this.#timers.add(timer);
    const cancel = this.#clock.setTimer(ms, () => {
      this.#timers.delete(timer);
      fn();
    });
    return () => {
      this.#timers.delete(timer);
      cancel();
    };
  }
}
