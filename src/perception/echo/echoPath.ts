import { BAND_OF, BANDS, bandPowers, SPEECH_BANDS } from './echoBands.ts';
import { BINS } from './shortTime.ts';
import type { SpectrumHistory } from './spectrumHistory.ts';

/** A room rings on: what of an echo is left after a hop, at most (60 dB in 390 ms). */
const RING = 0.7;
/** Of the difference to what is heard, the part by which the path is corrected in a hop. */
const LEARN = 0.05;
/** A single hop teaches no more than this: dB. */
const LEARN_UP_DB = 6;
const LEARN_DOWN_DB = 10;
/** What is louder than expected by no more than this is still the echo: dB. */
const MARGIN_DB = 5;
/** A band tells no more than this: dB. */
const TELLING_DB = 12;
/** A band tells of somebody only where it stands out of the room's noise by this factor. */
const ABOVE_NOISE = 6;
/** A band teaches only while it is played no more quietly than this against its loudest: factor, and what is kept of that a hop. */
const LOUD = 0.06;
const FORGET_LOUDEST = 0.99;
/** Loudspeakers and codecs spread sound over the spectrum: at least this part of the mean is expected everywhere. */
const SPREAD = 0.003;
/** Power below which nothing was played in a band. */
const PLAYED = 1e-5;
/** Where nothing is known. */
const UNKNOWN_DB = -20;
/** A path that is weaker than this carries nothing any more: dB. */
const GONE_DB = -50;

/** One way of our voice back to us: how much later and, band by band, how much quieter. */
export class EchoPath {
  /** Hops of 10 ms. */
  lag: number;
  /** Power expected in each bin of the present hop. */
  readonly expected = new Float64Array(BINS);
  readonly #volumeDb = new Float64Array(BANDS);
  readonly #volumes = new Float64Array(BANDS);
  readonly #played = new Float64Array(BINS);
  readonly #playedBands = new Float64Array(BANDS);
  readonly #expectedBands = new Float64Array(BANDS);
  readonly #loudest = new Float64Array(BANDS);

  /** Learns the volumes from the last `hops` that were played and heard. */
  constructor(
    lag: number,
    played: SpectrumHistory,
    heard: SpectrumHistory,
    noiseBands: Float64Array,
    hops: number,
  ) {
    this.lag = lag;
    const heardBands = new Float64Array(BANDS);
    const ratios: number[][] = Array.from({ length: BANDS }, () => []);
    for (let ago = 0; ago < hops; ago++) {
      this.#look(played, lag + ago);
      bandPowers(heard.at(ago), heardBands);
      for (let band = 0; band < BANDS; band++) {
        const source = this.#playedBands[band] ?? 0;
        const sound = heardBands[band] ?? 0;
        // What has not come back yet teaches nothing.
        if (source > PLAYED && sound > (noiseBands[band] ?? 0) * ABOVE_NOISE)
          ratios[band]?.push(decibels(sound / source));
      }
    }
    const known = ratios.flat();
    for (let band = 0; band < BANDS; band++) {
      const own = ratios[band] ?? [];
      this.#volumeDb[band] = middle(own.length >= 3 ? own : known);
    }
  }

  /** The volume of each band, dB. */
  get volumeDb(): Float64Array {
    return this.#volumeDb;
  }

  /** What was learnt at one lag holds at another, and what is learnt while it changes is too little. */
  atLeast(before: EchoPath): void {
    for (let band = 0; band < BANDS; band++)
      this.#volumeDb[band] = Math.max(this.#volumeDb[band] ?? 0, before.#volumeDb[band] ?? 0);
    this.#loudest.set(before.#loudest);
  }

  get isGone(): boolean {
    let sum = 0;
    for (let band = 0; band < SPEECH_BANDS; band++) sum += this.#volumeDb[band] ?? 0;
    return sum / SPEECH_BANDS < GONE_DB;
  }

  /** What of the present hop is ours. Sets `expected`. */
  expect(played: SpectrumHistory): void {
    this.#look(played, this.lag);
    for (let band = 0; band < BANDS; band++) this.#volumes[band] = 10 ** ((this.#volumeDb[band] ?? 0) / 10);
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const fresh = (this.#played[bin] ?? 0) * (this.#volumes[BAND_OF[bin] ?? 0] ?? 0);
      this.expected[bin] = Math.max(fresh, (this.expected[bin] ?? 0) * RING);
      sum += this.expected[bin] ?? 0;
    }
    const least = (sum / BINS) * SPREAD;
    for (let bin = 0; bin < BINS; bin++) this.expected[bin] = Math.max(least, this.expected[bin] ?? 0);
    bandPowers(this.expected, this.#expectedBands);
  }

  /** How far what is heard goes beyond what is expected, in dB on average over the bands of speech. */
  excess(heardBands: Float64Array, noiseBands: Float64Array): number {
    let sum = 0;
    for (let band = 0; band < SPEECH_BANDS; band++) {
      const heard = heardBands[band] ?? 0;
      const noise = noiseBands[band] ?? 0;
      if (heard < noise * ABOVE_NOISE) continue;
      const above = decibels(heard / ((this.#expectedBands[band] ?? 0) + noise)) - MARGIN_DB;
      sum += Math.max(0, Math.min(TELLING_DB, above));
    }
    return sum / SPEECH_BANDS;
  }

  /** Corrects the volumes. `isOurs`: nobody else is heard, so that what is louder than expected is the path's doing. */
  learn(heardBands: Float64Array, isOurs: boolean): void {
    for (let band = 0; band < BANDS; band++) {
      const source = this.#playedBands[band] ?? 0;
      const loudest = Math.max(source, (this.#loudest[band] ?? 0) * FORGET_LOUDEST);
      this.#loudest[band] = loudest;
      if (source < PLAYED || source < loudest * LOUD) continue;
      const wrong = decibels((heardBands[band] ?? 0) / (this.#expectedBands[band] ?? 0));
      const up = isOurs ? LEARN_UP_DB : 0;
      this.#volumeDb[band] =
        (this.#volumeDb[band] ?? 0) + LEARN * Math.max(-LEARN_DOWN_DB, Math.min(up, wrong));
    }
  }

  /** The loudest of the three hops around `ago`: the lag is no whole number of hops. */
  #look(played: SpectrumHistory, ago: number): void {
    const [one, two, three] = [played.at(Math.max(0, ago - 1)), played.at(ago), played.at(ago + 1)];
    for (let bin = 0; bin < BINS; bin++)
      this.#played[bin] = Math.max(one[bin] ?? 0, two[bin] ?? 0, three[bin] ?? 0);
    bandPowers(this.#played, this.#playedBands);
  }
}

function decibels(ratio: number): number {
  return 10 * Math.log10(Math.max(1e-9, Math.min(1e9, ratio)));
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? UNKNOWN_DB;
}
