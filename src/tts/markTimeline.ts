import type { CharMark } from './textToSpeech.ts';
import type { Alignment } from './ttsFrames.ts';

/** Assumed length of one character where the vendor sent no alignment. */
const CHAR_MS = 65;
/** Audio without any alignment after which positions are estimated. */
const PATIENCE_MS = 1500;
/** How much of a clause has to match for its place to be taken for found. */
const MATCH = 12;

/**
 * Turns the vendor's alignment into marks on one utterance's time line. Alignment times restart at 0 with each
 * generation and no frame marks where a generation begins, so the base is found from the audio delivered before the
 * frame and from the text, which is known: the marks of a whole utterance spell the clauses joined by single spaces,
 * whatever the vendor left out, added or changed. Pure.
 */
export class MarkTimeline {
  /** Characters to come, with the starts of the clauses among them. */
  #text: string[] = [];
  #clauseStarts: number[] = [];
  #next = 0;
  #lastMs = 0;
  #baseMs = 0;
  #alignedUntilMs = 0;

  /** A clause was sent; a space joins it to the one before. */
  addClause(clause: string): void {
    if (this.#text.length > 0) this.#text.push(' ');
    this.#clauseStarts.push(this.#text.length);
    this.#text.push(...clause);
  }

  /** `startMs`: position of the frame's audio in the utterance. */
  align(alignment: Alignment, startMs: number): CharMark[] {
    this.#alignedUntilMs = startMs;
    const marks = this.#seek(alignment.chars, startMs);
    this.#rebase(alignment, startMs);
    for (const [index, char] of alignment.chars.entries()) {
      const ms = this.#baseMs + (alignment.startsMs[index] ?? 0);
      for (const single of char) marks.push(...this.#take(single, ms));
    }
    return marks;
  }

  /** A frame without alignment whose audio ends at `endMs`. */
  skip(endMs: number): CharMark[] {
    if (endMs - this.#alignedUntilMs < PATIENCE_MS) return [];
    const marks: CharMark[] = [];
    while (this.#next < this.#text.length && this.#lastMs + CHAR_MS <= endMs)
      marks.push(this.#mark(this.#lastMs + CHAR_MS));
    return marks;
  }

  /** The utterance is over at `endMs`: what is left is spread evenly up to there. */
  finish(endMs: number): CharMark[] {
    return this.#fill(this.#text.length, endMs);
  }

  /** Finds the place of a frame's characters when the frames before carried none: the gap is filled evenly. */
  #seek(chars: readonly string[], startMs: number): CharMark[] {
    const sample = chars.join('').trimStart().slice(0, MATCH).trimEnd();
    if (sample === '' || this.#matches(sample, this.#next) || this.#matches(sample, this.#next + 1))
      return [];
    const start = this.#clauseStarts.find((at) => at > this.#next + 1 && this.#matches(sample, at));
    return start === undefined ? [] : this.#fill(start, startMs);
  }

  #matches(sample: string, at: number): boolean {
    return this.#text.slice(at, at + sample.length).join('') === sample;
  }

  #rebase(alignment: Alignment, startMs: number): void {
    const first = alignment.startsMs[0] ?? 0;
    const current = this.#baseMs + first;
    const beginsClause = this.#clauseStarts.some((at) => at === this.#next || at === this.#next + 1);
    const nearer = beginsClause && Math.abs(first) < Math.abs(current - startMs);
    if (nearer || current < this.#lastMs - 20) this.#baseMs = startMs;
  }

  #take(char: string, ms: number): CharMark[] {
    const at = this.#text.indexOf(char, this.#next);
    // Far away or nowhere: a character of the vendor's own, such as the space behind the last clause.
    if (at === -1 || at - this.#next > 4) return [];
    const marks: CharMark[] = [];
    while (this.#next <= at) marks.push(this.#mark(ms));
    return marks;
  }

  #fill(end: number, untilMs: number): CharMark[] {
    const from = this.#lastMs;
    const step = Math.max(0, untilMs - from) / Math.max(1, end - this.#next + 1);
    const marks: CharMark[] = [];
    for (let count = 1; this.#next < end; count++) marks.push(this.#mark(from + step * count));
    return marks;
  }

  #mark(ms: number): CharMark {
    this.#lastMs = Math.max(this.#lastMs, ms);
    const char = this.#text[this.#next] ?? '';
    this.#next += 1;
    return { char, startMs: this.#lastMs };
  }
}
