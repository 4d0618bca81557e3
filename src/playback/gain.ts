/** −12 dB: quiet enough to talk over, loud enough to follow. */
export const DUCKED = 0.25;

/** Change per sample at 24 kHz: from full volume to ducked in 20 ms, so that nothing clicks. */
const STEP = (1 - DUCKED) / 480;

/** A volume that glides to where it is told. */
export class Gain {
  #value = 1;
  target = 1;

  /** Takes the volume at once: nothing is audible that could click. */
  jump(): void {
    this.#value = this.target;
  }

  apply(frame: Int16Array): void {
    if (this.#value === 1 && this.target === 1) return;
    for (let i = 0; i < frame.length; i++) {
      const rest = this.target - this.#value;
      this.#value += Math.sign(rest) * Math.min(STEP, Math.abs(rest));
      frame[i] = Math.round((frame[i] ?? 0) * this.#value);
    }
  }
}
