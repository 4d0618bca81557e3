import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../audio/format.ts';
import { Framer } from '../audio/framer.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import { VoiceAgentError } from '../errors.ts';
import type { AudioOutput } from './audioOutput.ts';

/** A write resolves when no more than this is queued, so with 20 ms frames at most 60 ms are ahead. */
const RESOLVE_BELOW_MS = 40;

/** Samples of the lower rate that the resampler lags behind. */
const RESAMPLER_LAG = 24;

type Writer = { readonly resolve: () => void; readonly reject: (error: Error) => void };

/** The microphone of one member of the in-process room. The hub plays it, 20 ms at a time. */
export class LocalOutput implements AudioOutput {
  readonly sampleRate: number;
  readonly #resampler: Resampler;
  readonly #tickSamples: number;
  #framer: Framer;
  #queue: Int16Array[] = [];
  #queued = 0;
  #writers: Writer[] = [];
  #closed = false;

  private constructor(sampleRate: number, resampler: Resampler) {
    this.sampleRate = sampleRate;
    this.#resampler = resampler;
    this.#tickSamples = (sampleRate * FRAME_MS) / 1000;
    this.#framer = this.#freshFramer();
  }

  /** `sampleRate` in Hz, one that the resampler takes. */
  static async create(sampleRate: number): Promise<LocalOutput> {
    return new LocalOutput(sampleRate, await createResampler(sampleRate, INPUT_RATE));
  }

  write(frame: Int16Array): Promise<void> {
    if (this.#closed) return Promise.reject(gone());
    this.#queue.push(frame.slice());
    this.#queued += frame.length;
    if (this.#hasRoom()) return Promise.resolve();
    return new Promise((resolve, reject) => this.#writers.push({ resolve, reject }));
  }

  queuedSamples(): number {
    return this.#queued;
  }

  clear(): Promise<void> {
    this.#queue = [];
    this.#queued = 0;
    // What was played but has not filled a frame is dropped as well: nothing of it becomes audible after this.
    this.#resampler.flush();
    this.#framer = this.#freshFramer();
    this.#wakeWriters();
    return Promise.resolve();
  }

  /** Plays 20 ms, silence where nothing is queued: the frames (16 kHz, 20 ms) that are complete with it. */
  play(): Int16Array[] {
    const played = this.#take();
    if (this.#hasRoom()) this.#wakeWriters();
    return this.#framer.push(this.#resampler.push(played));
  }

  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.#queued = 0;
    const writers = this.#writers;
    this.#writers = [];
    for (const writer of writers) writer.reject(gone());
  }

  /** Begins with as much silence as the resampler holds back, so that every tick brings a frame and none comes late. */
  #freshFramer(): Framer {
    const framer = new Framer(INPUT_FRAME_SAMPLES);
    const lower = Math.min(this.sampleRate, INPUT_RATE);
    const heldBack = this.sampleRate === INPUT_RATE ? 0 : Math.ceil((RESAMPLER_LAG * INPUT_RATE) / lower);
    framer.push(new Int16Array(heldBack));
    return framer;
  }

  #take(): Int16Array {
    const out = new Int16Array(this.#tickSamples);
    let filled = 0;
    while (filled < out.length) {
      const head = this.#queue.shift();
      if (head === undefined) break;
      const part = head.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length < head.length) this.#queue.unshift(head.subarray(part.length));
    }
    this.#queued -= filled;
    return out;
  }

  #hasRoom(): boolean {
    return this.#queued * 1000 <= this.sampleRate * RESOLVE_BELOW_MS;
  }

  #wakeWriters(): void {
    const writers = this.#writers;
    this.#writers = [];
    for (const writer of writers) writer.resolve();
  }
}

function gone(): VoiceAgentError {
  return new VoiceAgentError('VA_ROOM_CLOSED', 'The room is closed: nothing more can be said in it.');
}
