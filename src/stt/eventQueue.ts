import type { AdapterLog } from '../elevenlabs/adapterLog.ts';

/** Delivers events in order and never from within the call that caused them. A listener that throws is logged. */
export class EventQueue<Event> {
  readonly #listener: (event: Event) => void;
  readonly #log: AdapterLog;
  #waiting: Event[] = [];
  #scheduled = false;

  constructor(listener: (event: Event) => void, log: AdapterLog) {
    this.#listener = listener;
    this.#log = log;
  }

  push(event: Event): void {
    this.#waiting.push(event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#deliver());
  }

  /** Drops what was not delivered yet. */
  clear(): void {
    this.#waiting = [];
  }

  #deliver(): void {
    this.#scheduled = false;
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      try {
        this.#listener(event);
      } catch (error) {
        this.#log.warn('a listener failed', { error });
      }
    }
  }
}
