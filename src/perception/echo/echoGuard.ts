import { INPUT_FRAME_SAMPLES, INPUT_RATE, OUTPUT_RATE } from '../../audio/format.ts';
import { level } from '../../audio/level.ts';
import { createResampler, type Resampler } from '../../audio/resampler.ts';
import { BANDS, bandPowers, SPEECH_BANDS } from './echoBands.ts';
import { EchoPath } from './echoPath.ts';
import { EchoSearch, LAGS, LONGEST_LAG_MS } from './echoSearch.ts';
import { FrameClock } from './frameClock.ts';
import { PlayedAudio } from './playedAudio.ts';
import { BINS, HOP, HOP_MS, ShortTime } from './shortTime.ts';
import { SpectrumHistory } from './spectrumHistory.ts';
import { PRINT_SIZE, voicePrint } from './voicePrint.ts';

/** Quieter than this nothing was played that could come back: dBFS. */
const PLAYED_DBFS = -60;
/** A room rings on for this long after the latest echo, ms. */
const RING_MS = 200;
/** From this likeness on what is heard is ours. Two voices reach 0.45 by chance, an echo 0.5 to 0.8. */
const SAME_VOICE = 0.5;
/** An echo that comes at another lag than before has to be so much more alike there. */
const CLEARLY = 0.15;
/** Another lag within so many hops is the same one, drifting. */
const DRIFT_HOPS = 2;
/** The path is first learnt from so much, ms. */
const LEARN_FROM_MS = 300;
/** Less alike will do where no other lag comes near, and it stays the same for so long, ms. */
const PROBABLY = 0.33;
const LEAD = 0.13;
const STEADY_MS = 120;
/** Somebody speaks from this smoothed excess on (`EchoPath.excess`), and is thought to go on for so long, ms. */
const SOMEBODY_DB = 1.2;
/** What is very much like us has to go beyond by more: dB for each part of likeness above so much. */
const ALIKE = 0.3;
const ALIKE_DB = 5;
const GOES_ON_MS = 240;
const SMOOTH = 0.25;
/** A path that has just been found is learnt for so long before it is believed that somebody speaks besides, ms. */
const NEW_MS = 150;
/** So many times the expected echo is taken away: its spectrum is never quite as expected. */
const TAKEN = 3;
/** Least volume of a bin: keeps the sound from falling apart. */
const LEAST = 0.02;
/** Power of a bin below which nothing is heard: −75 dBFS of noise. */
const SILENT = 6e-6;
/** How fast the noise of the room is thought to rise while it is covered, dB a second; and how it falls, per look. */
const NOISE_RISE_DB_PER_S = 6;
const NOISE_FALL = 0.1;
/** While nothing can come back, the noise is looked at every so often, ms. */
const REST_LOOK_MS = 100;

export interface Heard {
  /**
   * `none`: nothing of ours can be in the frame, which is given as it is. `possible`: we speak, but were not found to come
   * back; given as it is. `found`: our voice has just been found; what was heard shortly before was ours as well. `ours`:
   * it is us and nobody else. `mixed`: somebody speaks besides.
   */
  readonly echo: 'none' | 'possible' | 'found' | 'ours' | 'mixed';
  /** The frame; where we come back, what is left of it without us, 22 ms late. */
  readonly pcm: Int16Array;
}

/**
 * Tells our own voice, come back from a caller's loudspeaker, from the caller's. Compares what is heard with what we
 * played, finds out how much later and how much quieter it comes, takes it away, and says whether anything else is there.
 * Costs next to nothing when we have not spoken for a second. One caller.
 */
export class EchoGuard {
  readonly #resampler: Resampler;
  readonly #audio = new PlayedAudio();
  readonly #clock = new FrameClock();
  readonly #played = new ShortTime();
  readonly #heard = new ShortTime();
  readonly #playedHistory = new SpectrumHistory(LAGS + LEARN_FROM_MS / HOP_MS + 2);
  readonly #heardHistory = new SpectrumHistory(LEARN_FROM_MS / HOP_MS);
  readonly #playedPrint = new Float32Array(PRINT_SIZE);
  readonly #heardPrint = new Float32Array(PRINT_SIZE);
  readonly #heardBands = new Float64Array(BANDS);
  readonly #noiseBands = new Float64Array(BANDS).fill(SILENT);
  readonly #volumes = new Float64Array(BINS);
  readonly #reference = new Int16Array(INPUT_FRAME_SAMPLES);
  #search = new EchoSearch();
  #path: EchoPath | undefined;
  #candidate = { lag: 0, ms: 0 };
  /** Until when what was played can still be heard, ms. */
  #activeUntil = Number.NEGATIVE_INFINITY;
  #isActive = false;
  #excess = 0;
  #somebodyMs = 0;
  #newMs = 0;
  #restMs = 0;

  private constructor(resampler: Resampler) {
    this.#resampler = resampler;
  }

  static async create(): Promise<EchoGuard> {
    return new EchoGuard(await createResampler(OUTPUT_RATE, INPUT_RATE));
  }

  /** What we say, 24 kHz mono; `startMs`: when its first sample leaves for the room. */
  played(frame: Int16Array, startMs: number): void {
    const pcm = this.#resampler.push(frame);
    this.#audio.push(pcm, startMs);
    if (level(pcm) > PLAYED_DBFS) this.#activeUntil = this.#audio.endMs + LONGEST_LAG_MS + RING_MS;
  }

  /** One frame of the caller's audio, which arrived at `now` ms. */
  hear(frame: Int16Array, now: number): Heard {
    const endMs = this.#clock.arrived(now);
    this.#audio.read(endMs, this.#reference);
    if (endMs > this.#activeUntil) return this.#rest(frame);
    if (!this.#isActive) this.#start();
    const before = this.#path;
    const out = new Int16Array(frame.length);
    for (let at = 0; at + HOP <= frame.length; at += HOP) this.#hop(frame, at, out);
    if (!this.#path) return { echo: 'possible', pcm: frame };
    if (this.#path !== before) return { echo: 'found', pcm: out };
    return { echo: this.#somebodyMs > 0 ? 'mixed' : 'ours', pcm: out };
  }

  #rest(frame: Int16Array): Heard {
    this.#isActive = false;
    this.#restMs += (frame.length * 1000) / INPUT_RATE;
    for (let at = 0; at + HOP <= frame.length; at += HOP) {
      this.#played.skip(this.#reference, at);
      if (this.#restMs >= REST_LOOK_MS) {
        this.#heard.analyse(frame, at);
        bandPowers(this.#heard.power, this.#heardBands);
        this.#followNoise(this.#restMs);
        this.#restMs = 0;
      } else this.#heard.skip(frame, at);
    }
    return { echo: 'none', pcm: frame };
  }

  #start(): void {
    this.#isActive = true;
    this.#search = new EchoSearch();
    this.#playedHistory.clear();
    this.#heard.restart();
    this.#excess = 0;
    this.#somebodyMs = 0;
  }

  #hop(frame: Int16Array, at: number, out: Int16Array): void {
    this.#played.analyse(this.#reference, at);
    this.#heard.analyse(frame, at);
    this.#playedHistory.push(this.#played.power);
    this.#heardHistory.push(this.#heard.power);
    bandPowers(this.#heard.power, this.#heardBands);
    this.#followNoise(HOP_MS);
    const playedEnergy = voicePrint(this.#played.power, SILENT, this.#playedPrint, 0);
    const heardEnergy = voicePrint(this.#heard.power, this.#noise() * 4, this.#heardPrint, 0);
    this.#search.push(this.#playedPrint, playedEnergy, this.#heardPrint, heardEnergy);
    this.#follow();
    if (this.#path) this.#take(this.#path, out, at);
  }

  /** Finds the path, or follows it. */
  #follow(): void {
    const { lag, likeness, lead } = this.#search.best();
    const path = this.#path;
    if (path?.isGone) this.#path = undefined;
    const isSteady = this.#isSteady(lag, likeness >= PROBABLY && lead >= LEAD);
    if (likeness < SAME_VOICE && !isSteady) return;
    if (path && Math.abs(lag - path.lag) <= DRIFT_HOPS) {
      path.lag = lag;
      return;
    }
    if (path && likeness < this.#search.likeness(path.lag) + CLEARLY) return;
    this.#path = new EchoPath(
      lag,
      this.#playedHistory,
      this.#heardHistory,
      this.#noiseBands,
      LEARN_FROM_MS / HOP_MS,
    );
    this.#newMs = NEW_MS;
    this.#excess = 0;
    this.#somebodyMs = 0;
    this.#heard.restart();
  }

  #isSteady(lag: number, isLikely: boolean): boolean {
    const isSame = Math.abs(lag - this.#candidate.lag) <= DRIFT_HOPS;
    this.#candidate = { lag, ms: isLikely ? (isSame ? this.#candidate.ms : 0) + HOP_MS : 0 };
    return this.#candidate.ms >= STEADY_MS;
  }

  #take(path: EchoPath, out: Int16Array, at: number): void {
    path.expect(this.#playedHistory);
    const excess = path.excess(this.#heardBands, this.#noiseBands);
    this.#newMs = Math.max(0, this.#newMs - HOP_MS);
    this.#excess += this.#newMs > 0 ? 0 : SMOOTH * (excess - this.#excess);
    const alike = this.#search.likeness(path.lag);
    const enough = SOMEBODY_DB + ALIKE_DB * Math.max(0, alike - ALIKE);
    this.#somebodyMs = this.#excess > enough ? GOES_ON_MS : this.#somebodyMs - HOP_MS;
    path.learn(this.#heardBands, this.#somebodyMs <= 0 || alike >= SAME_VOICE);
    const { power } = this.#heard;
    for (let bin = 0; bin < BINS; bin++) {
      const heard = power[bin] ?? 0;
      const left = 1 - (TAKEN * (path.expected[bin] ?? 0)) / (heard + 1e-12);
      this.#volumes[bin] = left <= LEAST * LEAST ? LEAST : Math.sqrt(left);
    }
    this.#heard.synthesise(this.#volumes, out, at);
  }

  #followNoise(sinceMs: number): void {
    const rise = 10 ** ((NOISE_RISE_DB_PER_S * sinceMs) / 10_000);
    for (let band = 0; band < BANDS; band++) {
      const noise = this.#noiseBands[band] ?? SILENT;
      const heard = this.#heardBands[band] ?? 0;
      this.#noiseBands[band] = Math.max(
        SILENT / 10,
        heard < noise ? noise + NOISE_FALL * (heard - noise) : noise * rise,
      );
    }
  }

  /** Of the bands of speech, in the middle. */
  #noise(): number {
    let sum = 0;
    for (let band = 0; band < SPEECH_BANDS; band++) sum += Math.log(this.#noiseBands[band] ?? SILENT);
    return Math.max(SILENT / 4, Math.exp(sum / SPEECH_BANDS));
  }
}
