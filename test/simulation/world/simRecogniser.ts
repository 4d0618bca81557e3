import type { Recogniser } from '../../../src/perception/recogniser.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { sleep } from '../../../src/time/sleep.ts';
import type { Random } from '../random.ts';
import type { Mouth } from './mouth.ts';

/** Hears what the mouth says: in time or not, rightly or not. */
export class SimRecogniser implements Recogniser {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #mouth: Mouth;
  readonly #isTroubled: boolean;
  /** It gives a wrong answer. */
  onWrong: () => void = () => {};

  constructor(random: Random, clock: Clock, mouth: Mouth, isTroubled: boolean) {
    this.#random = random;
    this.#clock = clock;
    this.#mouth = mouth;
    this.#isTroubled = isTroubled;
  }

  async warm(): Promise<void> {}
  async close(): Promise<void> {}

  async transcribe(
    _pcm: Int16Array,
    { deadlineMs = 400 }: { deadlineMs?: number } = {},
  ): Promise<string | undefined> {
    const random = this.#random;
    const said = this.#mouth.latest();
    const trouble = this.#isTroubled ? random.int(0, 9) : 9;
    if (trouble === 0) throw new Error('no model');
    const ms = trouble <= 3 ? random.int(300, 900) : random.int(40, 160);
    await sleep(this.#clock, Math.min(ms, deadlineMs));
    if (ms > deadlineMs) return undefined;
    if (trouble !== 4) return said;
    this.onWrong();
    return random.pick(['', 'Yeah.', 'a', 'the dog is green', 'Mm-hmm.']);
  }
}
