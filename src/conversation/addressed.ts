/** Sounds of somebody who is only thinking. */
const HESITATION = /^(u+h*|u+m+|e+r+m*|h+m+|a+h+|oh|m+)$/;
/** Sounds of agreement: an answer to a question, and nothing to answer otherwise. */
const HUM = /^(m+[- ]?h+m+|u+h+[- ]?h+u+h+|m+|h+m+)$/;

/**
 * Whether words that were said while we were silent want an answer. `lastOfOurs`: what we said last. Whether somebody else
 * was meant is for the model to tell.
 */
export function isAddressed(text: string, lastOfOurs: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? [];
  if (words.length === 0) return false;
  const hums = words.every((word) => HUM.test(word)) || HUM.test(words.join(' '));
  if (hums) return /\?\W*$/.test(lastOfOurs);
  return !words.every((word) => HESITATION.test(word));
}
