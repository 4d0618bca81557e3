import { OUTPUT_RATE } from '../audio/format.ts';
import type { CharMark, SpeechChunk } from '../tts/textToSpeech.ts';

/** The audio of one utterance while it is made and played: filled at one end, read at any position. 24 kHz mono. */
export class UtteranceAudio {
  readonly #chunks: { readonly start: number; readonly pcm: Int16Array }[] = [];
  readonly #marks: CharMark[] = [];
  #samples = 0;
  #status: 'filling' | 'complete' | 'failed' = 'filling';
  /** Where the part begins that nobody has read yet. */
  #readTo = 0;
  /** Called when there is more to read, or when it is known that there will not be. */
  onChange: () => void = () => {};

  get samples(): number {
    return this.#samples;
  }

  get status(): 'filling' | 'complete' | 'failed' {
    return this.#status;
  }

  get marks(): readonly CharMark[] {
    return this.#marks;
  }

  get durationMs(): number {
    return (this.#samples / OUTPUT_RATE) * 1000;
  }

  /** Marks of `chunk` count from the start of the utterance. */
  append({ pcm, marks }: SpeechChunk): void {
    if (pcm.length > 0) this.#chunks.push({ start: this.#samples, pcm });
    this.#samples += pcm.length;
    this.#marks.push(...marks);
    this.onChange();
  }

  /**
   * Takes back what was appended from `ms` on, as far as nobody has read it: the voice broke in the middle of a phrase,
   * which will be spoken anew.
   */
  truncate(ms: number): void {
    const end = Math.max(this.#readTo, Math.round((ms / 1000) * OUTPUT_RATE));
    if (end >= this.#samples) return;
    for (
      let last = this.#chunks.at(-1);
      last && last.start + last.pcm.length > end;
      last = this.#chunks.at(-1)
    ) {
      this.#chunks.pop();
      if (last.start < end) {
        this.#chunks.push({ start: last.start, pcm: last.pcm.subarray(0, end - last.start) });
      }
    }
    this.#samples = end;
    const kept = this.#marks.findIndex(({ startMs }) => startMs >= this.durationMs);
    if (kept >= 0) this.#marks.length = kept;
  }

  finish(status: 'complete' | 'failed'): void {
    if (this.#status !== 'filling') return;
    this.#status = status;
    this.onChange();
  }

  /** Copies samples from `position` into `target`; the rest of `target` stays silent. */
  read(position: number, count: number, target: Int16Array): void {
    const end = position + count;
    this.#readTo = Math.max(this.#readTo, Math.min(end, this.#samples));
    for (let index = this.#indexAt(position); index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index];
      if (!chunk || chunk.start >= end) break;
      const from = Math.max(position, chunk.start);
      const to = Math.min(end, chunk.start + chunk.pcm.length);
      target.set(chunk.pcm.subarray(from - chunk.start, to - chunk.start), from - position);
    }
  }

  #indexAt(position: number): number {
    return Math.max(
      0,
      this.#chunks.findLastIndex(({ start }) => start <= position),
    );
  }
}
