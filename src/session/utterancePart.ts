import type { UtteranceAudio } from '../playback/utteranceAudio.ts';
import type { SpeechChunk } from '../tts/textToSpeech.ts';

/** What one attempt of the voice adds to an utterance: its times and characters count from the attempt's own beginning. */
export class Part {
  readonly #audio: UtteranceAudio;
  readonly #startMs: number;
  /** Index of its first mark. */
  #firstMark: number;
  #isEmpty = true;

  constructor(audio: UtteranceAudio) {
    this.#audio = audio;
    this.#startMs = audio.durationMs;
    this.#firstMark = audio.marks.length;
  }

  /** Characters spoken so far. */
  get characters(): number {
    return this.#audio.marks.length - this.#firstMark;
  }

  append({ pcm, marks }: SpeechChunk): void {
    const shifted = marks.map((mark) => ({ ...mark, startMs: mark.startMs + this.#startMs }));
    const before = this.#audio.marks.at(-1)?.char;
    // The parts of an utterance are joined as its clauses are: by a space.
    const isJoint = this.#isEmpty && shifted.length > 0 && before !== undefined && !/\s/.test(before);
    if (isJoint) this.#firstMark++;
    if (shifted.length > 0) this.#isEmpty = false;
    this.#audio.append({
      pcm,
      marks: isJoint ? [{ char: ' ', startMs: this.#startMs }, ...shifted] : shifted,
    });
  }

  /** Takes back what follows the first `characters`, as far as nobody has heard it. */
  keep(characters: number): void {
    const next = this.#audio.marks[this.#firstMark + characters];
    if (next) this.#audio.truncate(next.startMs);
  }
}
