import { FRAME_MS } from '../audio/format.ts';
import { level } from '../audio/level.ts';

/** One stretch of sound, ms on the clock. */
export interface SoundSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Anything above counts as audible: the quiet parts of synthesised speech, but not a codec's comfort noise. */
export const AUDIBLE_DBFS = -48;

/** Finds where sound begins and ends in a stream of frames, to 5 ms. */
export class SoundSpans {
  readonly #spans: { startMs: number; endMs: number }[] = [];
  /** Silence up to this long belongs to the same stretch, ms. */
  readonly #joinMs: number;

  constructor(joinMs: number) {
    this.#joinMs = joinMs;
  }

  get spans(): readonly SoundSpan[] {
    return this.#spans;
  }

  /** A 20 ms frame at 16 kHz whose first sample was there at `startMs`. */
  add(frame: Int16Array, startMs: number): void {
    const slots = 4;
    const size = Math.ceil(frame.length / slots);
    for (let slot = 0; slot < slots; slot++) {
      const part = frame.subarray(slot * size, (slot + 1) * size);
      if (level(part) < AUDIBLE_DBFS) continue;
      const at = startMs + (slot * FRAME_MS) / slots;
      const last = this.#spans.at(-1);
      const end = at + FRAME_MS / slots;
      if (last && at - last.endMs <= this.#joinMs) last.endMs = end;
      else this.#spans.push({ startMs: at, endMs: end });
    }
  }
}
