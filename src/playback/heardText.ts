import type { CharMark } from '../tts/textToSpeech.ts';

/** A word counts as heard when this share of it was audible: listeners complete a word they know from less. */
const HEARD_SHARE = 0.6;

/** The words of an utterance that were heard when `ms` of its audio had been played. */
export function heardText(marks: readonly CharMark[], ms: number): string {
  return spell(marks.slice(0, lastHeard(marks, ms).end)).trim();
}

/** Where the last word that was heard stands in the marks. */
export interface Heard {
  readonly start: number;
  /** Index after its last character. */
  readonly end: number;
}

export const NOTHING_HEARD: Heard = { start: 0, end: 0 };

/** The same as an index. `known`: what was heard earlier of the same marks, so that no more than the rest is looked at. */
export function lastHeard(marks: readonly CharMark[], ms: number, known = NOTHING_HEARD): Heard {
  let heard = known;
  for (const word of words(marks, known.start)) {
    if (ms < word.startMs + HEARD_SHARE * (word.endMs - word.startMs)) break;
    heard = word;
  }
  return heard;
}

/** The whole text of the marks. */
export function spell(marks: readonly CharMark[]): string {
  return marks.map(({ char }) => char).join('');
}

/** The first end of a word in [fromMs, toMs], if there is one. */
export function wordBoundary(marks: readonly CharMark[], fromMs: number, toMs: number): number | undefined {
  for (const { endMs } of words(marks)) {
    if (endMs > toMs) return undefined;
    if (endMs >= fromMs) return endMs;
  }
  return undefined;
}

interface Word extends Heard {
  readonly startMs: number;
  readonly endMs: number;
}

/** Length of a last word whose end no mark tells, ms. */
const LAST_WORD_MS = 300;

function* words(marks: readonly CharMark[], from = 0): Generator<Word> {
  let first: CharMark | undefined;
  let start = from;
  for (let index = from; index < marks.length; index++) {
    const mark = marks[index];
    if (!mark) break;
    if (isSpace(mark.char)) {
      if (first) yield { start, end: index, startMs: first.startMs, endMs: mark.startMs };
      first = undefined;
    } else if (!first) {
      first = mark;
      start = index;
    }
  }
  if (first) {
    const last = marks.at(-1) ?? first;
    const endMs = Math.max(last.startMs, first.startMs + LAST_WORD_MS);
    yield { start, end: marks.length, startMs: first.startMs, endMs };
  }
}

/** Asked of every character, fifty times a second: most of them are letters. */
const isSpace = (char: string): boolean =>
  char === ' ' || (char < '0' && /\s/.test(char)) || (char > '~' && /\s/.test(char));
