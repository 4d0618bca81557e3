import { FRAME_MS } from '../../audio/format.ts';

/** A frame cannot arrive before it was there; one that comes sooner than this moves the clock, ms. */
const EARLY_MS = 5;
/** When everything that arrived for so long was late, the audio was late and not its arrival, ms. */
const SETTLE_MS = 2_000;
const LATE_MS = 10;
/** A frame so late comes after a gap, ms. */
const GAP_MS = 400;

/** When frames of 20 ms were recorded, from when they arrive: in bursts on a busy machine. */
export class FrameClock {
  #at = Number.NEGATIVE_INFINITY;
  #least = Number.POSITIVE_INFINITY;
  #settledMs = 0;

  /** `now`: its arrival. Returns the time of its end, ms. */
  arrived(now: number): number {
    const due = this.#at + FRAME_MS;
    const late = now - due;
    if (late > GAP_MS || late < -EARLY_MS) return this.#reset(now);
    this.#at = due;
    this.#least = Math.min(this.#least, late);
    this.#settledMs += FRAME_MS;
    if (this.#settledMs < SETTLE_MS) return this.#at;
    return this.#reset(this.#least > LATE_MS ? due + this.#least : due);
  }

  #reset(at: number): number {
    this.#at = at;
    this.#least = Number.POSITIVE_INFINITY;
    this.#settledMs = 0;
    return at;
  }
}
