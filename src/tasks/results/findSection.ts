import type { Script } from './script.ts';

const SMALL_WORDS = new Set(
  'the a an of on for to and about in part parts section sections chapter page bit read me please what it says'.split(
    ' ',
  ),
);
const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const NUMBERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const SUMMARY = /\b(summary|overview|abstract|tl;?dr|in short|in brief|key (points|takeaways|findings))\b/i;

/** Index of the section that is meant by a number, or by words of its title; undefined when none or several are. */
export function findSection(script: Script, wanted: string): number | undefined {
  const { sections } = script;
  const number = numberIn(wanted, sections.length);
  const words = telling(wanted);
  let best: { index: number; share: number } | undefined;
  let tie = false;
  for (const [index, { title }] of sections.entries()) {
    const own = telling(title);
    const hits = words.filter((word) => own.some((other) => isSame(word, other))).length;
    if (hits === 0) continue;
    // Of two titles with the wanted word the one with fewer others is meant.
    const share = hits / words.length + hits / (own.length * 100);
    tie = best !== undefined && share === best.share;
    if (!best || share > best.share) best = { index, share };
  }
  if (best && !tie) return best.index;
  return number;
}

/** Index of the section that sums the result up, if it has one. */
export function summarySection(script: Script): number | undefined {
  const index = script.sections.findIndex(({ title }) => SUMMARY.test(title));
  return index < 0 ? undefined : index;
}

function numberIn(wanted: string, count: number): number | undefined {
  const text = wanted.toLowerCase();
  if (/\blast\b/.test(text)) return count === 0 ? undefined : count - 1;
  const digits = /\b(\d{1,3})(?:st|nd|rd|th)?\b/.exec(text)?.[1];
  const ordinal = ORDINALS.findIndex((word) => new RegExp(`\\b${word}\\b`).test(text));
  const spelt = NUMBERS.findIndex((word) => new RegExp(`\\b${word}\\b`).test(text));
  const number = digits === undefined ? Math.max(ordinal, spelt) + 1 : Number(digits);
  return number >= 1 && number <= count ? number - 1 : undefined;
}

function telling(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !SMALL_WORDS.has(word));
}

/** Equal but for an ending: "market" is not "marketing", "risk" is "risks". */
function isSame(a: string, b: string): boolean {
  return a === b || stem(a) === stem(b);
}

function stem(word: string): string {
  return word.length > 3 ? word.replace(/(?:ies|es|s|e)$/, '') : word;
}
