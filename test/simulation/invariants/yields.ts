import type { PlayedFrame } from '../world/simOutput.ts';
import type { Fail, Invariant } from './invariant.ts';

/** From the caller's first sound to our silence, ms. */
const YIELD_MS = 1_200;

/** A caller who really interrupts is not talked over for longer than that. */
export class Yields implements Invariant {
  readonly #fail: Fail;
  readonly #boundMs: number;
  #interruption: { readonly onsetMs: number; endMs: number } | undefined;

  /** `graceMs`: what local ears in trouble may take longer. */
  constructor(fail: Fail, graceMs: number) {
    this.#fail = fail;
    this.#boundMs = YIELD_MS + graceMs;
  }

  /** The caller begins to interrupt, audibly and understandably. */
  interrupts(onsetMs: number): void {
    this.#interruption = { onsetMs, endMs: Number.POSITIVE_INFINITY };
  }

  /** The caller has finished: what is audible from now on may be the answer. */
  ends(atMs: number): void {
    const interruption = this.#interruption;
    // Whatever is said later, in silence, is another turn.
    if (interruption?.endMs !== Number.POSITIVE_INFINITY) return;
    interruption.endMs = Math.max(atMs, interruption.onsetMs + this.#boundMs);
  }

  /** It could not be understood in time: nothing is promised. */
  excuse(): void {
    this.#interruption = undefined;
  }

  played(frame: PlayedFrame): void {
    if (!this.#interruption) return;
    const { onsetMs, endMs } = this.#interruption;
    if (frame.startMs >= endMs) this.#interruption = undefined;
    else if (frame.startMs > onsetMs + this.#boundMs) {
      this.#fail(`still audible at ${frame.startMs}, interrupted since ${onsetMs}`);
    }
  }
}
