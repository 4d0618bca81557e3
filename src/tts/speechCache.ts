import { OUTPUT_RATE } from '../audio/format.ts';
import type { SpeechChunk } from './textToSpeech.ts';

interface Line {
  readonly chunks: readonly SpeechChunk[];
  readonly samples: number;
}

/** Longest audio kept: 12 MB. */
const KEPT_MS = 240_000;

/**
 * Speech that was made before it is needed, whole utterances by their text: it can be heard at once, and also when the voice
 * service is down. One for each voice, shared by all calls of the process. Bounded: what was not asked for longest goes first.
 */
export class SpeechCache {
  readonly #lines = new Map<string, Line>();
  readonly #keptSamples: number;
  #samples = 0;

  constructor({ keptMs = KEPT_MS }: { keptMs?: number } = {}) {
    this.#keptSamples = (keptMs * OUTPUT_RATE) / 1000;
  }

  has(text: string): boolean {
    return this.#lines.has(text);
  }

  get(text: string): readonly SpeechChunk[] | undefined {
    const line = this.#lines.get(text);
    if (!line) return undefined;
    this.#lines.delete(text);
    this.#lines.set(text, line);
    return line.chunks;
  }

  /** `chunks` are all of the utterance. */
  put(text: string, chunks: readonly SpeechChunk[]): void {
    this.#forget(text);
    const samples = chunks.reduce((sum, { pcm }) => sum + pcm.length, 0);
    this.#lines.set(text, { chunks, samples });
    this.#samples += samples;
    for (const oldest of this.#lines.keys()) {
      if (this.#samples <= this.#keptSamples) return;
      this.#forget(oldest);
    }
  }

  #forget(text: string): void {
    this.#samples -= this.#lines.get(text)?.samples ?? 0;
    this.#lines.delete(text);
  }
}
