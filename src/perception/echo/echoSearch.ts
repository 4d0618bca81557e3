import { HOP_MS } from './shortTime.ts';
import { PRINT_SIZE } from './voicePrint.ts';

/** Latest that an echo comes: playout, both ways through the network, the room. */
export const LONGEST_LAG_MS = 1_400;
/** An even number. */
export const LAGS = LONGEST_LAG_MS / HOP_MS;
/** What was heard this long ago counts a third, ms. */
const MEMORY_MS = 250;
/** Each lag is looked at in every second hop. */
const FORGET = Math.exp((-2 * HOP_MS) / MEMORY_MS);
/** Energy of prints heard from which a likeness means something: about 100 ms of a voice. */
const ENOUGH = 150;
/** Lags so near to each other see the same, hops. */
const SAME_PEAK = 6;

export interface Best {
  readonly lag: number;
  readonly likeness: number;
  /** How much less alike they are at every other lag. */
  readonly lead: number;
}

/** How alike what is heard and what was played are, for each lag in hops; both as voice prints, hop by hop. */
export class EchoSearch {
  readonly #played = new Float32Array(LAGS * PRINT_SIZE);
  readonly #playedEnergy = new Float64Array(LAGS);
  readonly #products = new Float64Array(LAGS);
  readonly #energies = new Float64Array(LAGS);
  readonly #likenesses = new Float64Array(LAGS);
  /** In the hops of the even lags and of the odd ones. */
  readonly #heardEnergies = new Float64Array(2);
  #newest = 0;

  /** Of what is played and heard at this moment; an energy of 0: nothing. */
  push(played: Float32Array, playedEnergy: number, heard: Float32Array, heardEnergy: number): void {
    this.#newest = (this.#newest + 1) % LAGS;
    this.#played.set(played, this.#newest * PRINT_SIZE);
    this.#playedEnergy[this.#newest] = playedEnergy;
    const parity = this.#newest % 2;
    const allHeard = (this.#heardEnergies[parity] ?? 0) * FORGET + heardEnergy;
    this.#heardEnergies[parity] = allHeard;
    for (let lag = parity; lag < LAGS; lag += 2) {
      const slot = (this.#newest - lag + LAGS) % LAGS;
      const energy = this.#playedEnergy[slot] ?? 0;
      const product = energy > 0 && heardEnergy > 0 ? this.#product(slot, heard) : 0;
      const products = (this.#products[lag] ?? 0) * FORGET + product;
      const energies = (this.#energies[lag] ?? 0) * FORGET + energy;
      this.#products[lag] = products;
      this.#energies[lag] = energies;
      this.#likenesses[lag] =
        allHeard < ENOUGH || energies <= 0 ? 0 : products / Math.sqrt(energies * allHeard);
    }
  }

  /** −1 to 1; 0 while too little was heard. */
  likeness(lag: number): number {
    return this.#likenesses[lag] ?? 0;
  }

  /** The lag at which they are most alike. */
  best(): Best {
    const all = this.#likenesses;
    let lag = 0;
    for (let other = 1; other < LAGS; other++) if ((all[other] ?? 0) > (all[lag] ?? 0)) lag = other;
    let second = 0;
    for (let other = 0; other < LAGS; other++)
      if (Math.abs(other - lag) > SAME_PEAK) second = Math.max(second, all[other] ?? 0);
    const likeness = this.likeness(lag);
    return { lag, likeness, lead: likeness - second };
  }

  #product(slot: number, heard: Float32Array): number {
    const played = this.#played;
    const from = slot * PRINT_SIZE;
    let product = 0;
    for (let i = 0; i < PRINT_SIZE; i++) product += (played[from + i] ?? 0) * (heard[i] ?? 0);
    return product;
  }
}
