import type { Recogniser } from '../../src/perception/recogniser.ts';
import type { Clock } from '../../src/time/clock.ts';
import type { TimedWord } from './timedClip.ts';

/** A word counts as in the audio when it was over so long ago: what the way to the vendor takes, ms. */
const WAY_MS = 60;

/** The vendor's ears from memory: at each commit, at once, the words that were said by then and not heard before. */
export class SaidWords implements Recogniser {
  readonly #clock: Clock;
  #words: { readonly word: string; readonly endsAt: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** These words are being said from now on. */
  saying(words: readonly TimedWord[]): void {
    const now = this.#clock.now();
    this.#words.push(...words.map(({ word, endMs }) => ({ word, endsAt: now + endMs })));
  }

  async warm(): Promise<void> {}

  async transcribe(): Promise<string> {
    const until = this.#clock.now() - WAY_MS;
    const said = this.#words.filter(({ endsAt }) => endsAt <= until);
    this.#words = this.#words.filter(({ endsAt }) => endsAt > until);
    return said.map(({ word }) => word).join(' ');
  }

  async close(): Promise<void> {}
}
