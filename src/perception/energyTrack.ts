import { INPUT_RATE } from '../audio/format.ts';
import { Framer } from '../audio/framer.ts';
import { level, SILENCE_DBFS } from '../audio/level.ts';
import type { SpeechEdges } from './speechGate.ts';

const BLOCK_MS = 10;
/** How much of the stream is remembered. */
const MEMORY_MS = 1_600;
/** The noise floor is what a fifth of this much audio before the speech stays under. */
const FLOOR_MS = 1_000;
const FLOOR_PART = 0.2;
/** Speech is louder than the noise floor by this much, and no quieter than its own loudest block by the other: dB. */
const ABOVE_FLOOR_DB = 8;
const BELOW_PEAK_DB = 32;
/** How far before the model's first window an onset may lie: an "st" is not speech to it for up to 230 ms. */
const ONSET_REACH_MS = 250;
/** The silence that a consonant holds before it bursts is part of the word. */
const ONSET_GAP_MS = 40;
/** How far before the model's first silent window the end may lie. */
const END_REACH_MS = 120;

/**
 * The loudness of a stream's last moments in steps of 10 ms, and the edges of speech found by it: the model fires late
 * on fricatives, and lets go late.
 */
export class EnergyTrack implements SpeechEdges {
  readonly #framer = new Framer((INPUT_RATE * BLOCK_MS) / 1000);
  readonly #blocks: number[] = [];
  /** Blocks already forgotten: the position of the first remembered one. */
  #forgotten = 0;
  #floor = SILENCE_DBFS;

  push(pcm: Int16Array): void {
    for (const block of this.#framer.push(pcm)) this.#blocks.push(level(block));
    const excess = this.#blocks.length - MEMORY_MS / BLOCK_MS;
    if (excess > 0) {
      this.#blocks.splice(0, excess);
      this.#forgotten += excess;
    }
  }

  /** The start of the first loud block that belongs to the speech in `window`: before it, or within it. */
  onsetNear(window: { readonly startMs: number; readonly endMs: number }): number {
    const last = this.#blockAt(window.endMs) - 1;
    const earliest = Math.max(this.#forgotten, this.#blockAt(window.startMs - ONSET_REACH_MS));
    this.#floor = this.#floorBefore(earliest);
    const threshold = this.#threshold(earliest, this.#forgotten + this.#blocks.length);
    let onset: number | undefined;
    for (let block = last; block >= earliest; block--) {
      if (this.#level(block) >= threshold) onset = block;
      else if (onset !== undefined && (onset - block) * BLOCK_MS > ONSET_GAP_MS) break;
    }
    return onset === undefined ? window.startMs : onset * BLOCK_MS;
  }

  /** The end of the last loud block before, or within, the silent `window`. */
  endNear(window: { readonly startMs: number; readonly endMs: number }): number {
    const last = this.#blockAt(window.endMs) - 1;
    const earliest = Math.max(this.#forgotten, this.#blockAt(window.startMs - END_REACH_MS));
    const threshold = this.#threshold(last - MEMORY_MS / 2 / BLOCK_MS, last + 1);
    for (let block = last; block >= earliest; block--) {
      if (this.#level(block) >= threshold) return (block + 1) * BLOCK_MS;
    }
    return window.startMs;
  }

  #threshold(from: number, to: number): number {
    let peak = SILENCE_DBFS;
    for (let block = from; block < to; block++) peak = Math.max(peak, this.#level(block));
    return Math.max(this.#floor + ABOVE_FLOOR_DB, peak - BELOW_PEAK_DB);
  }

  #floorBefore(block: number): number {
    const from = Math.max(0, block - FLOOR_MS / BLOCK_MS - this.#forgotten);
    const before = this.#blocks.slice(from, Math.max(0, block - this.#forgotten)).sort((a, b) => a - b);
    return before[Math.floor(before.length * FLOOR_PART)] ?? SILENCE_DBFS;
  }

  #level(block: number): number {
    return this.#blocks[block - this.#forgotten] ?? SILENCE_DBFS;
  }

  #blockAt(ms: number): number {
    return Math.floor(ms / BLOCK_MS);
  }
}
