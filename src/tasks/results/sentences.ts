import { afterClosers, sentenceEnd } from '../../tts/sentenceEnd.ts';

/** Words that are read in one breath at most; a longer sentence is read in pieces. */
const LONGEST_WORDS = 45;

/** Text that can be spoken, sentence by sentence. */
export function sentences(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (!'.!?…。！？'.includes(text[index] ?? '') || sentenceEnd(text, index) !== 'yes') continue;
    const end = afterClosers(text, index);
    // The number of a list item belongs to the item.
    if (/^\s*\d{1,3}\.$/.test(text.slice(start, end))) continue;
    found.push(text.slice(start, end));
    start = end;
  }
  found.push(text.slice(start));
  return found
    .map((one) => one.trim())
    .filter((one) => /[\p{L}\p{N}]/u.test(one))
    .flatMap(inBreaths);
}

function inBreaths(sentence: string): string[] {
  const words = sentence.split(/\s+/);
  const breaths: string[] = [];
  for (let from = 0; from < words.length; from += LONGEST_WORDS) {
    breaths.push(words.slice(from, from + LONGEST_WORDS).join(' '));
  }
  return breaths;
}
