import { INPUT_RATE } from '../../audio/format.ts';
import { RealFft } from '../../audio/realFft.ts';

/** The spectrum is looked at every so many samples (10 ms), over so many (32 ms). */
export const HOP = INPUT_RATE / 100;
export const WINDOW = 512;
export const BINS = WINDOW / 2 + 1;
export const HOP_MS = (HOP * 1000) / INPUT_RATE;

const HANN = Float64Array.from({ length: WINDOW }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / WINDOW) ** 2);

/** What the squared windows that overlap at each sample of a hop add up to. */
const OVERLAP = Float64Array.from({ length: HOP }, (_, i) => {
  let sum = 0;
  for (let at = i; at < WINDOW; at += HOP) sum += (HANN[at] ?? 0) ** 2;
  return sum;
});

/** A stream's spectrum, hop by hop: its power, and the way back into sound with changed volumes. 16 kHz mono. */
export class ShortTime {
  /** Power of the bins of the last hop, of signals from −1 to 1. */
  readonly power = new Float64Array(BINS);
  readonly #fft = new RealFft(WINDOW);
  readonly #signal = new Float64Array(WINDOW);
  readonly #windowed = new Float64Array(WINDOW);
  readonly #sum = new Float64Array(WINDOW);

  /** Takes the next `HOP` samples from `at`. */
  analyse(pcm: Int16Array, at: number): void {
    this.#take(pcm, at);
    for (let i = 0; i < WINDOW; i++) this.#windowed[i] = (this.#signal[i] ?? 0) * (HANN[i] ?? 0);
    this.#fft.forward(this.#windowed);
    const { re, im } = this.#fft;
    for (let k = 0; k < BINS; k++) this.power[k] = (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2;
  }

  /** Takes the next samples without looking at them, as if nothing were in them. */
  skip(pcm: Int16Array, at: number): void {
    this.#take(pcm, at);
    this.power.fill(0);
  }

  #take(pcm: Int16Array, at: number): void {
    this.#signal.copyWithin(0, HOP);
    for (let i = 0; i < HOP; i++) this.#signal[WINDOW - HOP + i] = (pcm[at + i] ?? 0) / 32_768;
  }

  /**
   * The sound of the hop just analysed with each bin at its own volume (0 to 1), written to `out` from `at`. It comes
   * late by `WINDOW − HOP` samples, 22 ms.
   */
  synthesise(volumes: Float64Array, out: Int16Array, at: number): void {
    const { re, im } = this.#fft;
    for (let k = 0; k < BINS; k++) {
      const volume = volumes[k] ?? 0;
      re[k] = (re[k] ?? 0) * volume;
      im[k] = (im[k] ?? 0) * volume;
    }
    this.#fft.inverse(this.#windowed);
    const sum = this.#sum;
    for (let i = 0; i < WINDOW; i++) sum[i] = (sum[i] ?? 0) + (this.#windowed[i] ?? 0) * (HANN[i] ?? 0);
    for (let i = 0; i < HOP; i++) {
      const sample = Math.round(((sum[i] ?? 0) / (OVERLAP[i] ?? 1)) * 32_768);
      out[at + i] = Math.max(-32_768, Math.min(32_767, sample));
    }
    sum.copyWithin(0, HOP);
    sum.fill(0, WINDOW - HOP);
  }

  /** Forgets what `synthesise` still had to give. */
  restart(): void {
    this.#sum.fill(0);
  }
}
