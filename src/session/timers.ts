import type { TimerName } from '../conversation/timerName.ts';
import type { Clock } from '../time/clock.ts';

/** The core's timers: one of each name, the last setting counts. */
export class Timers {
  readonly #clock: Clock;
  readonly #fire: (name: TimerName) => void;
  readonly #running = new Map<TimerName, () => void>();

  constructor(clock: Clock, fire: (name: TimerName) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  set(name: TimerName, ms: number): void {
    this.clear(name);
    const cancel = this.#clock.setTimer(ms, () => {
      this.#running.delete(name);
      this.#fire(name);
    });
    this.#running.set(name, cancel);
  }

  clear(name: TimerName): void {
    this.#running.get(name)?.();
    this.#running.delete(name);
  }

  close(): void {
    for (const cancel of this.#running.values()) cancel();
    this.#running.clear();
  }
}
