import { INPUT_RATE } from '../audio/format.ts';
import { Ring } from '../audio/ring.ts';

/** The last seconds of a stream, addressed by position: milliseconds since the stream began. 16 kHz mono. */
export class RecentAudio {
  readonly #ring: Ring;
  #samples = 0;

  constructor(lengthMs: number) {
    this.#ring = new Ring(toSamples(lengthMs));
  }

  /** Position of the end of what was pushed, ms. */
  get endMs(): number {
    return (this.#samples / INPUT_RATE) * 1000;
  }

  push(frame: Int16Array): void {
    this.#ring.push(frame);
    this.#samples += frame.length;
  }

  /** Forgets how the last `ms` sounded. */
  silence(ms: number): void {
    this.#ring.silence(toSamples(ms));
  }

  /** The audio from `fromMs` to `toMs`, as far as it is still kept, followed by `silenceMs` of silence. */
  between(fromMs: number, toMs: number, silenceMs: number): Int16Array {
    const wanted = this.#ring.read(this.#samples - toSamples(Math.max(0, fromMs)));
    const kept = wanted.subarray(
      0,
      Math.max(0, wanted.length - Math.max(0, this.#samples - toSamples(toMs))),
    );
    const out = new Int16Array(kept.length + toSamples(silenceMs));
    out.set(kept);
    return out;
  }
}

const toSamples = (ms: number): number => Math.round((ms / 1000) * INPUT_RATE);
