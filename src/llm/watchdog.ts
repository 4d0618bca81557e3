import type { Clock } from '../time/clock.ts';

/** Ends a request that has gone silent: the SDK's own timeout stops counting once the headers are there. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #forward = () => this.#controller.abort();
  #cancelTimer = () => {};
  #expired = false;

  constructor(clock: Clock, outer: AbortSignal) {
    this.#clock = clock;
    this.#outer = outer;
    if (outer.aborted) this.#controller.abort();
    else outer.addEventListener('abort', this.#forward, { once: true });
  }

  /** Aborts when the outer signal does or when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the silence, not the caller, that ended the request. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Allows `ms` of silence from now. */
  allow(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.setTimer(ms, () => {
      this.#expired = true;
      this.#controller.abort();
    });
  }

  /** Stops counting: a slow reader is not a silent vendor. */
  pause(): void {
    this.#cancelTimer();
  }

  /** Ends the request if it still runs, and lets go of the outer signal. */
  close(): void {
    this.#cancelTimer();
    this.#outer.removeEventListener('abort', this.#forward);
    this.#controller.abort();
  }
}
