import { words } from './overlap/words.ts';

/** A recogniser mishears some of an echo; a question about the same things has more words of its own. */
const OWN_WORDS = 0.2;

/** Whether these are our own words and hardly any others: an echo that a loudspeaker brought back whole. */
export function consistsOf(text: string, ours: string): boolean {
  const known = new Set(words(ours));
  const heard = words(text);
  const own = heard.filter((word) => !known.has(word)).length;
  return heard.length > 0 && own <= heard.length * OWN_WORDS;
}
