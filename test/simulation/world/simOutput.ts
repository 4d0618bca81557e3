import { OUTPUT_RATE } from '../../../src/audio/format.ts';
import { VoiceAgentError } from '../../../src/errors.ts';
import type { AudioOutput } from '../../../src/room/audioOutput.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { type Decoded, decode, SAMPLES_PER_MS, voiced } from './soundCode.ts';

/** A frame that was heard, or its part before it was cleared. */
export interface PlayedFrame {
  readonly startMs: number;
  readonly endMs: number;
  /** What it holds; undefined when that cannot be told from it alone. */
  readonly code: Decoded | undefined;
  /** Samples of voice in it that were played. */
  readonly samples: number;
}

const FRAME_MS = 20;
/** A write resolves when no more than this is queued. */
const RESOLVE_BELOW_MS = 40;
/** What sums of floating point may be wrong by, in samples. */
const EXACT = 1e-6;

/** A track that plays in the time of the clock, without a tick of its own, and tells what it has played. */
export class SimOutput implements AudioOutput {
  readonly sampleRate = OUTPUT_RATE;
  readonly #clock: Clock;
  readonly #onPlayed: (frame: PlayedFrame) => void;
  readonly #queue: PlayedFrame[] = [];
  /** When the last queued frame will have been played. */
  #endMs = 0;
  #writer: (() => void) | undefined;
  #cancel: () => void = () => {};
  #closed = false;

  constructor(clock: Clock, onPlayed: (frame: PlayedFrame) => void) {
    this.#clock = clock;
    this.#onPlayed = onPlayed;
  }

  write(frame: Int16Array): Promise<void> {
    if (this.#closed) return Promise.reject(new VoiceAgentError('VA_ROOM_CLOSED', 'The room is closed.'));
    this.catchUp();
    const now = this.#clock.now();
    const startMs = Math.max(now, this.#endMs);
    this.#endMs = startMs + FRAME_MS;
    this.#queue.push({ startMs, endMs: this.#endMs, code: decode(frame), samples: voiced(frame) });
    const aheadMs = this.#endMs - now - RESOLVE_BELOW_MS;
    if (aheadMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#writer = resolve;
      this.#cancel = this.#clock.setTimer(aheadMs, resolve);
    });
  }

  queuedSamples(): number {
    // A frame of which the least is left has not been played yet.
    return Math.max(0, Math.ceil((this.#endMs - this.#clock.now()) * SAMPLES_PER_MS - EXACT));
  }

  clear(): Promise<void> {
    this.catchUp();
    const now = this.#clock.now();
    const playing = this.#queue.shift();
    if (playing && playing.startMs < now) {
      const samples = Math.round((now - playing.startMs) * SAMPLES_PER_MS);
      this.#onPlayed({ ...playing, endMs: now, samples: Math.min(samples, playing.samples) });
    }
    this.#queue.length = 0;
    this.#endMs = now;
    this.#cancel();
    this.#writer?.();
    return Promise.resolve();
  }

  /** Tells of what has been played up to now. */
  catchUp(): void {
    const now = this.#clock.now();
    for (let head = this.#queue[0]; head && head.endMs <= now; head = this.#queue[0]) {
      this.#queue.shift();
      this.#onPlayed(head);
    }
  }

  /** Whether something of ours is audible at this moment. */
  get isAudible(): boolean {
    return this.#endMs > this.#clock.now();
  }

  close(): void {
    this.#closed = true;
    void this.clear();
  }
}
