import type { CharMark } from '../tts/textToSpeech.ts';

/** A word counts as heard when this share of it was audible: listeners complete a word they know from less. */
const HEARD_SHARE = 0.6;

/** The words of an utterance that were heard when `ms` of its audio had been played. */
export function heardText(marks: readonly CharMark[], ms: number): string {
  let end = 0;
  for (const word of words(marks)) {
    if (ms < word.startMs + HEARD_SHARE * (word.endMs - word.startMs)) break;
    end = word.end;
  }
  return spell(marks.slice(0, end)).trim();
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

interface Word {
  /** Index after its last character. */
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Length of a last word whose end no mark tells, ms. */
const LAST_WORD_MS = 300;

function* words(marks: readonly CharMark[]): Generator<Word> {
  let start: CharMark | undefined;
  for (const [index, mark] of marks.entries()) {
    if (/\s/.test(mark.char)) {
      if (start) yield { end: index, startMs: start.startMs, endMs: mark.startMs };
      start = undefined;
    } else {
      start ??= mark;
    }
  }
  if (start) {
    const last = marks.at(-1) ?? start;
    yield {
      end: marks.length,
      startMs: start.startMs,
      endMs: Math.max(last.startMs, start.startMs + LAST_WORD_MS),
    };
  }
}
