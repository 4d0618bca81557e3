import type { ConversationState } from '../../../src/conversation/state.ts';
import type { SimEars } from '../world/simEars.ts';
import type { Fail } from './invariant.ts';

/** Words that somebody said to us, and that speech-to-text understood, reach the model once. */
export class WordsArrive {
  readonly #ears: SimEars;
  readonly #fail: Fail;
  readonly #labels: string[] = [];
  readonly #excused = new Set<string>();

  constructor(ears: SimEars, fail: Fail) {
    this.#ears = ears;
    this.#fail = fail;
  }

  said(label: string): void {
    this.#labels.push(label);
  }

  /** The line failed while this was said: what comes seconds late may be taken for the sound of a listener. */
  excuse(label: string): void {
    this.#excused.add(label);
  }

  check({ history }: ConversationState): void {
    const known = history
      .flatMap((item) => (item.kind === 'user' ? [item.text] : []))
      .join(' ')
      .split(/\W+/);
    // Where a part of a sentence is lost, the rest may mean nothing; ears that are gone for good hear nothing.
    const isLossy = this.#ears.isDeaf || this.#ears.lost.length > 0;
    for (const label of this.#labels) {
      const times = known.filter((word) => word === label).length;
      if (times > 1) this.#fail(`"${label}" is ${times} times in history`);
      if (times === 0 && !isLossy && !this.#excused.has(label))
        this.#fail(`"${label}" was said, and never reached the model`);
    }
  }
}
