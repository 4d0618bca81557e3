import { BACKCHANNELS } from './lexicon/backchannels.ts';
import { match, pattern } from './pattern.ts';

const PATTERNS = BACKCHANNELS.map(pattern);

/** How far words can be read as backchannels, one after the other. */
export interface BackchannelReading {
  /** Positions that a row of whole backchannels reaches: 0 always. */
  readonly reached: ReadonlySet<number>;
  /** All words are such a row. */
  readonly whole: boolean;
  /** All words are such a row, but for the last backchannel, which is not finished: "that's really". */
  readonly begun: boolean;
}

export function readBackchannels(words: readonly string[]): BackchannelReading {
  const reached = new Set([0]);
  let begun = false;
  // A set is walked through in the order of insertion, also over what is inserted meanwhile.
  for (const at of reached) {
    for (const places of PATTERNS) {
      const found = match(places, words, at);
      for (const end of found.ends) reached.add(end);
      begun ||= found.cutShort;
    }
  }
  return { reached, whole: reached.has(words.length), begun };
}
