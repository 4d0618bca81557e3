import { BandHistory } from './bandHistory.ts';
import { BANDS, bandPowers } from './echoBands.ts';
import { EchoPath } from './echoPath.ts';
import { EchoSearch, LAGS } from './echoSearch.ts';
import type { RoomNoise } from './roomNoise.ts';
import { HOP_MS } from './shortTime.ts';
import { SpectrumHistory } from './spectrumHistory.ts';
import { PRINT_SIZE, voicePrint } from './voicePrint.ts';

/** From this likeness on what is heard is ours. Two voices reach 0.45 by chance, an echo 0.5 to 0.8. */
const SAME_VOICE = 0.5;
/** An echo that comes at another lag than before has to be so much more alike there. */
const CLEARLY = 0.15;
/** Another lag within so many hops is the same one, drifting. */
const DRIFT_HOPS = 2;
/** Less alike will do where no other lag comes near, and it stays the same for so long, ms. */
const PROBABLY = 0.33;
const LEAD = 0.13;
const STEADY_MS = 120;
/** A path is first learnt from so much, hops; and is none if the latest of it is further off than this, dB. */
const LEARN_FROM = 30;
const OFF_DB = 4;
/** What is explained by another lag as well as this has only moved, dB. */
const MOVED_OFF_DB = 5.5;
/** What is heard stands out of the noise by this factor, as power. */
const ABOVE_NOISE = 4;

/** Finds the way on which our voice comes back, and finds it again when its lag has changed. */
export class EchoFinder {
  readonly #noise: RoomNoise;
  readonly #bands = new BandHistory();
  readonly #played = new SpectrumHistory(LAGS + LEARN_FROM + 2);
  readonly #heard = new SpectrumHistory(LEARN_FROM);
  readonly #playedPrint = new Float32Array(PRINT_SIZE);
  readonly #heardPrint = new Float32Array(PRINT_SIZE);
  readonly #playedBands = new Float64Array(BANDS);
  #search = new EchoSearch();
  #candidate = { lag: 0, ms: 0 };

  constructor(noise: RoomNoise) {
    this.#noise = noise;
  }

  /** What was played, as far as an echo can be late. */
  get played(): SpectrumHistory {
    return this.#played;
  }

  /** After a silence of ours. */
  restart(): void {
    this.#search = new EchoSearch();
    this.#played.clear();
    this.#bands.clear();
    this.#candidate = { lag: 0, ms: 0 };
  }

  /** One hop: the power of what is played and heard at this moment. */
  push(played: Float64Array, heard: Float64Array, heardBands: Float64Array): void {
    this.#played.push(played);
    this.#heard.push(heard);
    bandPowers(played, this.#playedBands);
    this.#bands.push(this.#playedBands, heardBands, this.#noise.bands);
    const floor = this.#noise.power;
    const playedEnergy = voicePrint(played, floor, this.#playedPrint, 0);
    const heardEnergy = voicePrint(heard, floor * ABOVE_NOISE, this.#heardPrint, 0);
    this.#search.push(this.#playedPrint, playedEnergy, this.#heardPrint, heardEnergy);
  }

  likeness(lag: number): number {
    return this.#search.likeness(lag);
  }

  /** The path as it is now known: the same, with a lag that drifts, or another one. */
  follow(path: EchoPath | undefined): EchoPath | undefined {
    const known = path?.isGone === true ? undefined : path;
    const { lag, likeness, lead } = this.#search.best();
    const isSteady = this.#isSteady(lag, likeness >= PROBABLY && lead >= LEAD);
    if (likeness < SAME_VOICE && !isSteady) return known;
    if (known && Math.abs(lag - known.lag) <= DRIFT_HOPS) {
      known.lag = lag;
      return known;
    }
    if (known && likeness < this.likeness(known.lag) + CLEARLY) return known;
    const found = new EchoPath(lag, this.#played, this.#heard, this.#noise.bands, LEARN_FROM);
    if (known) {
      found.atLeast(known);
      return found;
    }
    return this.#bands.off(lag, found.volumeDb) <= OFF_DB ? found : undefined;
  }

  /** Is what was just heard our voice at another lag all of a sudden? Then the path has that lag. */
  hasMoved(path: EchoPath): boolean {
    const { lag, offDb } = this.#bands.explain(path.volumeDb);
    if (offDb > MOVED_OFF_DB || lag === path.lag) return false;
    path.lag = lag;
    return true;
  }

  #isSteady(lag: number, isLikely: boolean): boolean {
    const isSame = Math.abs(lag - this.#candidate.lag) <= DRIFT_HOPS;
    this.#candidate = { lag, ms: isLikely ? (isSame ? this.#candidate.ms : 0) + HOP_MS : 0 };
    return this.#candidate.ms >= STEADY_MS;
  }
}
