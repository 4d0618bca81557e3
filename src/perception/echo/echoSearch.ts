import { HOP_MS } from './shortTime.ts';
import { PRINT_SIZE } from './voicePrint.ts';

/** Latest that an echo comes: playout, both ways through the network, the room. */
export const LONGEST_LAG_MS = 1_000;
export const LAGS = LONGEST_LAG_MS / HOP_MS;
/** What was heard this long ago counts a third, ms. */
const MEMORY_MS = 250;
const FORGET = Math.exp(-HOP_MS / MEMORY_MS);
/** Energy of prints heard from which a likeness means something: about 100 ms of a voice. */
const ENOUGH = 300;

/** Lags so near to each other see the same, hops. */
const SAME_PEAK = 6;

/** How alike what is heard and what was played are, for each lag in hops; both as voice prints, hop by hop. */
export class EchoSearch {
  readonly #played = new Float32Array(LAGS * PRINT_SIZE);
  readonly #playedEnergy = new Float64Array(LAGS);
  readonly #products = new Float64Array(LAGS);
  readonly #energies = new Float64Array(LAGS);
  readonly #likenesses = new Float64Array(LAGS);
  #heardEnergy = 0;
  #newest = 0;

  /** Of what is played and heard at this moment. */
  push(played: Float32Array, playedEnergy: number, heard: Float32Array, heardEnergy: number): void {
    this.#newest = (this.#newest + 1) % LAGS;
    this.#played.set(played, this.#newest * PRINT_SIZE);
    this.#playedEnergy[this.#newest] = playedEnergy;
    this.#heardEnergy = this.#heardEnergy * FORGET + heardEnergy;
    for (let lag = 0; lag < LAGS; lag++) {
      const slot = (this.#newest - lag + LAGS) % LAGS;
      let product = 0;
      const energy = this.#playedEnergy[slot] ?? 0;
      if (energy > 0 && heardEnergy > 0) {
        const from = slot * PRINT_SIZE;
        for (let i = 0; i < PRINT_SIZE; i++) product += (this.#played[from + i] ?? 0) * (heard[i] ?? 0);
      }
      this.#products[lag] = (this.#products[lag] ?? 0) * FORGET + product;
      this.#energies[lag] = (this.#energies[lag] ?? 0) * FORGET + energy;
    }
  }

  /** −1 to 1; 0 while too little was heard. */
  likeness(lag: number): number {
    const energy = (this.#energies[lag] ?? 0) * this.#heardEnergy;
    return this.#heardEnergy < ENOUGH || energy <= 0 ? 0 : (this.#products[lag] ?? 0) / Math.sqrt(energy);
  }

  /** The lag at which they are most alike, and how much less alike they are at every other one. */
  best(): { readonly lag: number; readonly likeness: number; readonly lead: number } {
    const all = this.#likenesses;
    for (let lag = 0; lag < LAGS; lag++) all[lag] = this.likeness(lag);
    const likeness = Math.max(...all);
    const lag = all.indexOf(likeness);
    const others = all.filter((_, other) => Math.abs(other - lag) > SAME_PEAK);
    return { lag, likeness, lead: likeness - Math.max(...others) };
  }
}
