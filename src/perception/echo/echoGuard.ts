import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../../audio/format.ts';
import { level } from '../../audio/level.ts';
import { DownTo16k } from './downTo16k.ts';
import { BANDS, bandPowers } from './echoBands.ts';
import { EchoFinder } from './echoFinder.ts';
import type { EchoPath } from './echoPath.ts';
import { LONGEST_LAG_MS } from './echoSearch.ts';
import { FrameClock } from './frameClock.ts';
import { PlayedAudio } from './playedAudio.ts';
import { RoomNoise } from './roomNoise.ts';
import { BINS, HOP, HOP_MS, ShortTime } from './shortTime.ts';

/** Quieter than this nothing was played that could come back: dBFS. */
const PLAYED_DBFS = -60;
/** A room rings on for this long after the latest echo, and the lag of an echo may have grown by this, ms. */
const RING_MS = 200;
const GROWN_MS = 400;
/** After so much of our voice that did not come back nothing is expected to, ms. */
const ABSENT_MS = 2_500;
/** Our voice counts for that from this loudness on, dBFS. */
const VOICE_DBFS = -45;
/** Quieter than this nothing is heard, dBFS. */
const NOTHING_DBFS = -75;
/** Somebody speaks from this smoothed excess on (`EchoPath.excess`), and is thought to go on for so long, ms. */
const SOMEBODY_DB = 1.2;
const GOES_ON_MS = 240;
/** What is very much like us has to go beyond by more: dB for each part of likeness above so much. */
const ALIKE = 0.3;
const ALIKE_DB = 5;
/** More alike than this and nobody else is heard. */
const SAME_VOICE = 0.5;
const SMOOTH = 0.25;
/** Hops of excess after which it is looked at whether the echo has moved, and after which it is somebody. */
const MOVED_FROM = 3;
const MOVED_UNTIL = 20;
const SOMEBODY_FROM = 6;
/** A path that has just been found is learnt for so long before it is believed that somebody speaks besides, ms. */
const NEW_MS = 150;
/** So many times the expected echo is taken away: its spectrum is never quite as expected. */
const TAKEN = 3;
/** Least volume of a bin: keeps the sound from falling apart. */
const LEAST = 0.02;
/** While nothing can come back, the noise is looked at every so often, ms. */
const REST_LOOK_MS = 100;

export interface Heard {
  /**
   * `none`: nothing of ours can be in the frame, or never was in this call's; it is given as it is. `possible`: we speak, but
   * were not found to come back yet; given as it is. `found`: our voice has just been found; what was heard shortly before was
   * ours as well. `ours`: it is us and nobody else. `mixed`: somebody speaks besides.
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
  readonly #down = new DownTo16k();
  readonly #audio = new PlayedAudio();
  readonly #clock = new FrameClock();
  readonly #played = new ShortTime();
  readonly #heard = new ShortTime();
  readonly #noise = new RoomNoise();
  readonly #finder = new EchoFinder(this.#noise);
  readonly #heardBands = new Float64Array(BANDS);
  readonly #volumes = new Float64Array(BINS);
  readonly #reference = new Int16Array(INPUT_FRAME_SAMPLES);
  #path: EchoPath | undefined;
  /** When the last of our voice is over, ms. */
  #spokenUntil = Number.NEGATIVE_INFINITY;
  /** How much of our voice did not come back. */
  #absentMs = 0;
  #isActive = false;
  #excess = 0;
  #excessHops = 0;
  #somebodyMs = 0;
  #newMs = 0;
  #restMs = 0;

  /** What we say, 24 kHz mono; `startMs`: when its first sample leaves for the room. */
  played(frame: Int16Array, startMs: number): void {
    const pcm = this.#down.push(frame);
    this.#audio.push(pcm, startMs);
    if (level(pcm) > PLAYED_DBFS) this.#spokenUntil = this.#audio.endMs;
  }

  /** One frame of the caller's audio, which arrived at `now` ms. */
  hear(frame: Int16Array, now: number): Heard {
    const endMs = this.#clock.arrived(now);
    this.#audio.read(endMs, this.#reference);
    const lagMs = this.#path ? this.#path.lag * HOP_MS + GROWN_MS : LONGEST_LAG_MS;
    if (endMs > this.#spokenUntil + Math.min(lagMs, LONGEST_LAG_MS) + RING_MS) return this.#rest(frame);
    if (!this.#isActive) this.#start();
    const before = this.#path;
    const out = new Int16Array(frame.length);
    const isPlayed = level(this.#reference) > NOTHING_DBFS;
    const isHeard = level(frame) > NOTHING_DBFS;
    for (let at = 0; at + HOP <= frame.length; at += HOP) this.#hop(frame, at, out, isPlayed, isHeard);
    if (!this.#path) return { echo: this.#isAbsent() ? 'none' : 'possible', pcm: frame };
    this.#absentMs = 0;
    if (this.#path !== before) return { echo: 'found', pcm: out };
    return { echo: this.#somebodyMs > 0 ? 'mixed' : 'ours', pcm: out };
  }

  #isAbsent(): boolean {
    if (level(this.#reference) > VOICE_DBFS) this.#absentMs += FRAME_MS;
    return this.#absentMs >= ABSENT_MS;
  }

  #rest(frame: Int16Array): Heard {
    this.#isActive = false;
    this.#restMs += FRAME_MS;
    for (let at = 0; at + HOP <= frame.length; at += HOP) {
      this.#played.skip(this.#reference, at);
      if (this.#restMs >= REST_LOOK_MS) {
        this.#heard.analyse(frame, at);
        bandPowers(this.#heard.power, this.#heardBands);
        this.#noise.follow(this.#heardBands, this.#restMs);
        this.#restMs = 0;
      } else this.#heard.skip(frame, at);
    }
    return { echo: 'none', pcm: frame };
  }

  #start(): void {
    this.#isActive = true;
    this.#finder.restart();
    this.#heard.restart();
    this.#excess = 0;
    this.#excessHops = 0;
    this.#somebodyMs = 0;
  }

  #hop(frame: Int16Array, at: number, out: Int16Array, isPlayed: boolean, isHeard: boolean): void {
    if (isPlayed) this.#played.analyse(this.#reference, at);
    else this.#played.skip(this.#reference, at);
    // Without a path nothing has to be taken out of the frame.
    if (isHeard || this.#path) {
      this.#heard.analyse(frame, at);
      bandPowers(this.#heard.power, this.#heardBands);
      this.#noise.follow(this.#heardBands, HOP_MS);
    } else {
      this.#heard.skip(frame, at);
      this.#heardBands.fill(0);
    }
    this.#finder.push(this.#played.power, this.#heard.power, this.#heardBands);
    const path = this.#finder.follow(this.#path);
    if (path && path !== this.#path) {
      this.#newMs = NEW_MS;
      this.#excess = 0;
      this.#excessHops = 0;
      this.#somebodyMs = 0;
      this.#heard.restart();
    }
    this.#path = path;
    if (path) this.#take(path, out, at);
  }

  #take(path: EchoPath, out: Int16Array, at: number): void {
    path.expect(this.#finder.played);
    this.#listen(path);
    path.learn(this.#heardBands, this.#somebodyMs <= 0 || this.#finder.likeness(path.lag) >= SAME_VOICE);
    const { power } = this.#heard;
    for (let bin = 0; bin < BINS; bin++) {
      const heard = power[bin] ?? 0;
      const left = 1 - (TAKEN * (path.expected[bin] ?? 0)) / (heard + 1e-12);
      this.#volumes[bin] = left <= LEAST * LEAST ? LEAST : Math.sqrt(left);
    }
    this.#heard.synthesise(this.#volumes, out, at);
  }

  /** Does anybody speak besides? */
  #listen(path: EchoPath): void {
    const excess = path.excess(this.#heardBands, this.#noise.bands);
    this.#newMs = Math.max(0, this.#newMs - HOP_MS);
    this.#excess += this.#newMs > 0 ? 0 : SMOOTH * (excess - this.#excess);
    const alike = this.#finder.likeness(path.lag);
    const isTooMuch = this.#excess > SOMEBODY_DB + ALIKE_DB * Math.max(0, alike - ALIKE);
    this.#excessHops = isTooMuch ? this.#excessHops + 1 : 0;
    const isNew = this.#excessHops >= MOVED_FROM && this.#excessHops <= MOVED_UNTIL;
    if (isNew && this.#finder.hasMoved(path)) {
      path.expect(this.#finder.played);
      this.#excess = 0;
      this.#excessHops = 0;
    }
    this.#somebodyMs = this.#excessHops >= SOMEBODY_FROM ? GOES_ON_MS : this.#somebodyMs - HOP_MS;
  }
}
