import { BANDS, SPEECH_BANDS } from './echoBands.ts';
import { LAGS } from './echoSearch.ts';

/** So much of what is heard is compared, hops. */
const COMPARED = 8;
const HOPS = LAGS + COMPARED + 2;
/** A band is off by no more than this, dB. */
const OFF_DB = 15;
/** What stands out of the noise by less than this tells little, by more no more: dB. */
const NOISE_DB = 6;
const RANGE_DB = 30;

/** The loudness of the bands of speech, as played and as heard, hop by hop. */
export class BandHistory {
  readonly #played = new Float64Array(HOPS * BANDS);
  readonly #heard = new Float64Array(COMPARED * BANDS);
  readonly #floor = new Float64Array(BANDS);
  #count = 0;

  clear(): void {
    this.#played.fill(decibels(0));
    this.#heard.fill(decibels(0));
  }

  push(played: Float64Array, heard: Float64Array, noise: Float64Array): void {
    this.#count++;
    const slot = (this.#count % HOPS) * BANDS;
    const heardSlot = (this.#count % COMPARED) * BANDS;
    for (let band = 0; band < SPEECH_BANDS; band++) {
      this.#floor[band] = decibels(noise[band] ?? 0) + NOISE_DB;
      this.#played[slot + band] = decibels(played[band] ?? 0);
      this.#heard[heardSlot + band] = decibels(heard[band] ?? 0);
    }
  }

  /** The lag at which what was just heard is what was played, that much quieter, and by how many dB it is off there. */
  explain(volumeDb: Float64Array): { readonly lag: number; readonly offDb: number } {
    let best = { lag: 0, offDb: OFF_DB };
    for (let lag = 1; lag < LAGS; lag++) {
      const offDb = this.off(lag, volumeDb);
      if (offDb < best.offDb) best = { lag, offDb };
    }
    return best;
  }

  /** How far what was just heard is from what comes so late and that much quieter, dB on average. */
  off(lag: number, volumeDb: Float64Array): number {
    let sum = 0;
    let weights = 0;
    for (let ago = 0; ago < COMPARED; ago++) {
      const heard = ((this.#count - ago + COMPARED) % COMPARED) * BANDS;
      // The lag is no whole number of hops: the louder of two.
      const slot = (this.#count - ago - lag + 2 * HOPS) % HOPS;
      const one = slot * BANDS;
      const two = ((slot + 1) % HOPS) * BANDS;
      for (let band = 0; band < SPEECH_BANDS; band++) {
        const least = this.#floor[band] ?? 0;
        const sound = Math.max(least, this.#heard[heard + band] ?? 0);
        const source = Math.max(this.#played[one + band] ?? 0, this.#played[two + band] ?? 0);
        const expected = Math.max(least, source + (volumeDb[band] ?? 0));
        const weight = Math.min(RANGE_DB, Math.max(sound, expected) - least);
        sum += weight * Math.min(OFF_DB, Math.abs(sound - expected));
        weights += weight;
      }
    }
    return weights > 0 ? sum / weights : OFF_DB;
  }
}

function decibels(power: number): number {
  return 10 * Math.log10(power + 1e-12);
}
