import { BINS } from './shortTime.ts';

/** The last power spectra of a stream. */
export class SpectrumHistory {
  readonly #hops: readonly Float64Array[];
  #newest = 0;

  constructor(hops: number) {
    this.#hops = Array.from({ length: hops }, () => new Float64Array(BINS));
  }

  push(power: Float64Array): void {
    this.#newest = (this.#newest + 1) % this.#hops.length;
    this.#hops[this.#newest]?.set(power);
  }

  /** The spectrum of `ago` hops before the newest; the oldest one where that is forgotten. */
  at(ago: number): Float64Array {
    const { length } = this.#hops;
    const slot = (this.#newest - Math.min(ago, length - 1) + length) % length;
    return this.#hops[slot] ?? NOTHING;
  }

  clear(): void {
    for (const hop of this.#hops) hop.fill(0);
  }
}

const NOTHING = new Float64Array(BINS);
