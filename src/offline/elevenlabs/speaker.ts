import { INPUT_RATE } from '../../audio/format.ts';
import type { Voice } from '../voice.ts';
import { type CharTimes, spreadChars } from './alignment.ts';
import { convertRate } from './wireAudio.ts';

export interface Spoken {
  readonly pcm: Int16Array;
  readonly rate: number;
  readonly times: CharTimes;
}

/** Samples kept: about five minutes of speech at 24 kHz, so that repeated sentences cost nothing. */
const KEEP_SAMPLES = 5 * 60 * 24_000;

/** The local voice with a memory, at any rate. */
export class Speaker {
  readonly #voice: Voice;
  readonly #kept = new Map<string, Promise<Int16Array>>();
  readonly #sizes = new Map<string, number>();

  constructor(voice: Voice) {
    this.#voice = voice;
  }

  async say(text: string, voice: string, rate: number): Promise<Spoken> {
    const pcm = await this.#pcm(text.trim(), voice, rate);
    return { pcm, rate, times: spreadChars(text, (pcm.length * 1000) / rate) };
  }

  async #pcm(text: string, voice: string, rate: number): Promise<Int16Array> {
    const key = `${voice} ${rate} ${text}`;
    const kept = this.#kept.get(key);
    if (kept) {
      // The last used goes last.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const fresh = this.#voice.say(text, voice).then((pcm) => convertRate(pcm, INPUT_RATE, rate));
    this.#kept.set(key, fresh);
    try {
      const pcm = await fresh;
      this.#sizes.set(key, pcm.length);
      this.#forget();
      return pcm;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  #forget(): void {
    let total = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const key of this.#kept.keys()) {
      if (total <= KEEP_SAMPLES) return;
      total -= this.#sizes.get(key) ?? 0;
      this.#sizes.delete(key);
      this.#kept.delete(key);
    }
  }
}
