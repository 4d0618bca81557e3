import { INPUT_RATE } from '../../audio/format.ts';

const KEPT_MS = 2_000;
/** What is played seamlessly is told with times that differ by less, ms. */
const SEAM_MS = 40;

/** What we played, by the time at which it was played. 16 kHz mono. */
export class PlayedAudio {
  readonly #ring = new Int16Array((KEPT_MS * INPUT_RATE) / 1000);
  /** Position, in samples since time 0, behind the last sample that was played. */
  #end = 0;

  /** When the last sample is over, ms. */
  get endMs(): number {
    return (this.#end * 1000) / INPUT_RATE;
  }

  /** `startMs`: when its first sample leaves for the room. */
  push(pcm: Int16Array, startMs: number): void {
    const told = samples(startMs);
    const start = Math.abs(told - this.#end) <= samples(SEAM_MS) ? this.#end : told;
    // A gap is silence; and what is told anew was thrown away.
    for (let at = Math.max(this.#end, start - this.#ring.length); at < start; at++) this.#set(at, 0);
    for (let i = 0; i < pcm.length; i++) this.#set(start + i, pcm[i] ?? 0);
    this.#end = start + pcm.length;
  }

  /** The audio that ends at `untilMs`; silence where nothing was played. */
  read(untilMs: number, out: Int16Array): void {
    const from = samples(untilMs) - out.length;
    for (let i = 0; i < out.length; i++) {
      const at = from + i;
      const isKept = at < this.#end && at >= this.#end - this.#ring.length;
      out[i] = isKept ? (this.#ring[at % this.#ring.length] ?? 0) : 0;
    }
  }

  #set(at: number, sample: number): void {
    this.#ring[at % this.#ring.length] = sample;
  }
}

const samples = (ms: number): number => Math.max(0, Math.round((ms * INPUT_RATE) / 1000));
