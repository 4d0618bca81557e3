import { INTERRUPTIONS } from './lexicon/interruptions.ts';
import { match, type Pattern, pattern } from './pattern.ts';

const CLEAR = INTERRUPTIONS.clear.map(pattern);
const WEAK = INTERRUPTIONS.weak.map(pattern);
const UNMISTAKABLE = INTERRUPTIONS.unmistakable.map(pattern);
const ANYWHERE = INTERRUPTIONS.anywhere.map(pattern);

export type Opening = 'unmistakable' | 'clear' | 'weak' | 'none';

/** The surest opening of an interruption in words of which backchannels reach the positions `reached`. */
export function openingIn(words: readonly string[], reached: ReadonlySet<number>): Opening {
  if (words.some((_, at) => opens(ANYWHERE, words, at))) return 'unmistakable';
  const starts = [...reached];
  if (starts.some((at) => opens(UNMISTAKABLE, words, at))) return 'unmistakable';
  if (starts.some((at) => opens(CLEAR, words, at))) return 'clear';
  if (starts.some((at) => opens(WEAK, words, at))) return 'weak';
  return 'none';
}

function opens(patterns: readonly Pattern[], words: readonly string[], at: number): boolean {
  return patterns.some((places) => match(places, words, at).ends.size > 0);
}
