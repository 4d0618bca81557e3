import { INPUT_RATE } from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';

/** What arrives is played so much later, so that frames that come a little late leave no gap, ms. */
const PLAYOUT_MS = 20;
/** With more than this to be played, silence is left out, and with more than that sound is lost, ms. */
const QUEUE_MS = 40;
const LONGEST_QUEUE_MS = 200;
const SILENCE_DBFS = -60;
const KEPT_MS = 2_000;

const samples = (ms: number): number => Math.round((ms * INPUT_RATE) / 1000);

/** What came out of a loudspeaker, by the time at which it did. 16 kHz mono. */
export class PlayedSound {
  readonly #ring = new Int16Array(samples(KEPT_MS));
  #end = 0;

  /** A frame that arrived at `now` ms. */
  play(frame: Int16Array, now: number): void {
    const ahead = this.#end - samples(now);
    if (ahead > samples(LONGEST_QUEUE_MS)) return;
    if (ahead > samples(QUEUE_MS) && level(frame) < SILENCE_DBFS) return;
    const start = this.#end < samples(now) ? samples(now + PLAYOUT_MS) : this.#end;
    for (let at = Math.max(this.#end, start - this.#ring.length); at < start; at++) this.#set(at, 0);
    frame.forEach((sample, i) => {
      this.#set(start + i, sample);
    });
    this.#end = start + frame.length;
  }

  /** What was played until `untilMs`; silence where nothing was. */
  read(untilMs: number, out: Int16Array): void {
    const from = samples(untilMs) - out.length;
    for (let i = 0; i < out.length; i++) {
      const at = from + i;
      const isKept = at >= 0 && at < this.#end && at >= this.#end - this.#ring.length;
      out[i] = isKept ? (this.#ring[at % this.#ring.length] ?? 0) : 0;
    }
  }

  #set(at: number, sample: number): void {
    this.#ring[at % this.#ring.length] = sample;
  }
}
