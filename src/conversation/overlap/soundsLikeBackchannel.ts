import { editDistance } from './editDistance.ts';
import { COMMON } from './lexicon/common.ts';
import { words } from './words.ts';

/** Fewer letters are like too many things. */
const LETTERS = 6;
/** Of the letters, this part may be wrong: "sound is good", "blood point". */
const WRONG = 0.28;

const PHRASES = COMMON.map((phrase) => words(phrase).join(''));

/** Are these words a common backchannel as the recogniser may mishear it? Spaces do not count. */
export function soundsLikeBackchannel(heard: readonly string[]): boolean {
  const letters = heard.join('');
  if (letters.length < LETTERS) return false;
  return PHRASES.some((phrase) => {
    const allowed = WRONG * Math.max(letters.length, phrase.length);
    if (Math.abs(letters.length - phrase.length) > allowed) return false;
    return editDistance(letters, phrase, 'whole') <= allowed;
  });
}
