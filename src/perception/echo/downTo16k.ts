/**
 * Speech at 24 kHz, halfway-good at 16 kHz: two samples for every three, each second one by cubic interpolation. What it
 * adds is 25 dB below what it keeps: enough to compare spectra with, at a twentieth of what a resampler costs.
 */
export class DownTo16k {
  /** The last sample of the frame before, and a sample that was not used yet. */
  readonly #tail = new Int16Array(3);

  /** A whole number of three samples; what is given back is late by two samples. */
  push(pcm: Int16Array): Int16Array {
    const out = new Int16Array((pcm.length / 3) * 2);
    const at = (i: number) => (i < 0 ? this.#tail[3 + i] : pcm[i]) ?? 0;
    for (let n = 0, from = -3; n < out.length; n += 2, from += 3) {
      const one = at(from);
      const four = at(from + 3);
      out[n] = one;
      const between = (9 * (at(from + 1) + at(from + 2)) - one - four) / 16;
      out[n + 1] = Math.max(-32_768, Math.min(32_767, between));
    }
    this.#tail.set(pcm.subarray(pcm.length - 3));
    return out;
  }
}
