import type { PlayedFrame } from '../world/simOutput.ts';
import type { Fail, Invariant } from './invariant.ts';

/** From the caller's first sound to our silence, ms. */
export const YIELD_MS = 1_200;

/** A caller who really interrupts is not talked over for longer than that. */
export class Yields implements Invariant {
  readonly #fail: Fail;
  #interruption: { readonly onsetMs: number; endMs: number } | undefined;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  /** The caller begins to interrupt, audibly and understandably. */
  interrupts(onsetMs: number): void {
    this.#interruption = { onsetMs, endMs: Number.POSITIVE_INFINITY };
  }

  /** The caller has finished: what is audible from now on may be the answer. */
  ends(atMs: number): void {
    if (this.#interruption) this.#interruption.endMs = Math.max(atMs, this.#interruption.onsetMs + YIELD_MS);
  }

  /** It could not be understood in time: nothing is promised. */
  excuse(): void {
    this.#interruption = undefined;
  }

  played(frame: PlayedFrame): void {
    if (!this.#interruption) return;
    const { onsetMs, endMs } = this.#interruption;
    if (frame.startMs >= endMs) this.#interruption = undefined;
    else if (frame.startMs > onsetMs + YIELD_MS) {
      this.#fail(`still audible at ${frame.startMs}, interrupted since ${onsetMs}`);
    }
  }
}
