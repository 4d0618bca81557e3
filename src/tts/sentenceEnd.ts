/** Never the end of a sentence, whatever follows. */
const TITLES = new Set(
  'mr mrs ms dr prof st sr jr rev hon gen col sgt capt lt messrs mme mlle vs cf e.g i.e eg ie viz approx fig figs vol pp dept est al ca nr bzw z.b u.a ggf d.h ca'.split(
    ' ',
  ),
);
/** The end of a sentence only before a capital letter. */
const MAYBE_ENDS = new Set(
  'etc a.m p.m am pm inc ltd co corp u.s u.k e.u ph.d b.a m.a usw jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);
/** An abbreviation only before a number: "No. 5", but "No. I won't." */
const BEFORE_NUMBERS = new Set('no nos p ch sec art'.split(' '));

export type End = 'no' | 'yes' | 'unknown';

const CLOSERS = /["'”’»)\]*_`]/;

/**
 * Whether the mark at `index` of `text` ends a sentence. 'unknown': it depends on text that has not arrived yet.
 * Decimals, times, abbreviations, initials, list numbers, host names and ellipses in mid-sentence are no ends.
 */
export function sentenceEnd(text: string, index: number): End {
  const mark = text[index] ?? '';
  if ('。！？'.includes(mark)) return 'yes';
  if (!'.!?…'.includes(mark)) return 'no';
  let after = index + 1;
  while (CLOSERS.test(text[after] ?? '')) after += 1;
  const gap = text[after];
  if (gap === undefined) return 'unknown';
  if (!/\s/.test(gap)) return 'no';
  if (mark === '!' || mark === '?') return 'yes';
  const next = /\S/.exec(text.slice(after))?.[0];
  if (mark === '…' || text.slice(index - 2, index) === '..') return beforeCapital(next);
  return afterWord(text.slice(0, index), next);
}

/** Where the marks that close a sentence (quotes, brackets) after `index` are over. */
export function afterClosers(text: string, index: number): number {
  let after = index + 1;
  while (CLOSERS.test(text[after] ?? '')) after += 1;
  return after;
}

function afterWord(before: string, next: string | undefined): End {
  const word = /[\p{L}\p{N}.]*$/u.exec(before)?.[0] ?? '';
  const lower = word.toLowerCase();
  if (TITLES.has(lower)) return 'no';
  if (/^\d{1,3}$/.test(word) && /(^|\n)\s*\d{1,3}$/.test(before)) return 'no';
  if (/^\p{Lu}$/u.test(word) && word !== 'I') return 'no';
  if (MAYBE_ENDS.has(lower)) return beforeCapital(next);
  if (BEFORE_NUMBERS.has(lower)) return next === undefined ? 'unknown' : /\d/.test(next) ? 'no' : 'yes';
  return 'yes';
}

function beforeCapital(next: string | undefined): End {
  if (next === undefined) return 'unknown';
  return /\p{Ll}|\d/u.test(next) ? 'no' : 'yes';
}
