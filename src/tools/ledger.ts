import type { ToolOutcome } from './toolOutcome.ts';

/** Far more than one user turn can hold; only a process that serves many calls for long ever gets here. */
const CAPACITY = 1000;

/** Remembers what side-effecting calls gave, so that a repeated call in the same user turn does not act again. */
export class Ledger {
  readonly #entries = new Map<string, Promise<ToolOutcome>>();

  /** The first call's outcome, also while that is still on its way; `act` runs only when there has been none. */
  once(key: string, act: () => Promise<ToolOutcome>): Promise<ToolOutcome> {
    const first = this.#entries.get(key);
    if (first) return first;
    const outcome = act();
    this.#entries.set(key, outcome);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= CAPACITY) break;
      this.#entries.delete(oldest);
    }
    return outcome;
  }

  /** Puts right what is remembered, when a call that had been given up answers after all. */
  correct(key: string, outcome: ToolOutcome): void {
    if (this.#entries.has(key)) this.#entries.set(key, Promise.resolve(outcome));
  }
}
