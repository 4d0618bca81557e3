import { FRAME_MS } from '../../../src/audio/format.ts';
import type { SpeechDetector, SpeechEvent } from '../../../src/perception/speechDetector.ts';

const NOTHING: Promise<readonly SpeechEvent[]> = Promise.resolve([]);

/** Silences that are told before it is sure, ms. */
const PAUSING_MS = [60, 100];

/** Hears every frame that is not zero; needs `onsetMs` of speech and `silenceMs` of silence to be sure. */
export class SimDetector implements SpeechDetector {
  readonly #onsetMs: number;
  readonly #silenceMs: number;
  #positionMs = 0;
  #isSpeech = false;
  #voicedMs = 0;
  #silentMs = 0;

  constructor({ onsetMs, silenceMs }: { onsetMs: number; silenceMs: number }) {
    this.#onsetMs = onsetMs;
    this.#silenceMs = silenceMs;
  }

  push(frame: Int16Array): Promise<readonly SpeechEvent[]> {
    this.#positionMs += FRAME_MS;
    if (frame[0] !== 0) {
      const goesOn = this.#isSpeech && this.#silentMs >= (PAUSING_MS[0] ?? 0);
      this.#silentMs = 0;
      this.#voicedMs += FRAME_MS;
      if (goesOn) return Promise.resolve([{ type: 'speechWentOn' }]);
      if (this.#isSpeech) return NOTHING;
      if (this.#voicedMs < this.#onsetMs)
        return this.#voicedMs > FRAME_MS ? NOTHING : Promise.resolve([{ type: 'speechRising' }]);
      this.#isSpeech = true;
      return Promise.resolve([{ type: 'speechStarted', onsetMs: this.#positionMs - this.#voicedMs }]);
    }
    const hasFallen = !this.#isSpeech && this.#voicedMs > 0;
    this.#voicedMs = 0;
    this.#silentMs += FRAME_MS;
    if (hasFallen) return Promise.resolve([{ type: 'speechFell' }]);
    if (!this.#isSpeech) return NOTHING;
    const silenceMs = this.#silentMs;
    const endMs = this.#positionMs - silenceMs;
    if (PAUSING_MS.includes(silenceMs)) return Promise.resolve([{ type: 'speechPausing', endMs, silenceMs }]);
    if (silenceMs < this.#silenceMs) return NOTHING;
    this.#isSpeech = false;
    return Promise.resolve([{ type: 'speechEnded', endMs, silenceMs }]);
  }

  close(): void {}
}
