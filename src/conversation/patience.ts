/** Words after which nobody has finished: articles, prepositions, conjunctions, auxiliaries, hesitations. */
const OPEN_ENDINGS = new Set(
  (
    'a an the and or but so because if when while that which who my your his her our their its this these those ' +
    'to of in on at by for with from about into than as like i we you he she they is are was were am be been ' +
    "will would could should can may might must do does did have has had i'm i'd i'll it's um uh er erm hmm well"
  ).split(' '),
);

/** A sentence may well end in these although they stand in the list above ("Who was he?", "Yes, I do."). */
const CLOSES_A_QUESTION = /\?$/;

const NUMBER_WORD = /^(\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine)$/;

export const PATIENCE_MS = { complete: 300, unmarked: 900, open: 1_600 } as const;

/**
 * How long the user has to be silent, in ms, before these words count as a finished turn. Punctuation is the recogniser's
 * guess, so the last word weighs more than a full stop: "I would like to." is not finished.
 */
export function patience(text: string): number {
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  const last = words.at(-1);
  if (last === undefined) return PATIENCE_MS.unmarked;
  if (CLOSES_A_QUESTION.test(text.trim()) && words.length > 2) return PATIENCE_MS.complete;
  if (OPEN_ENDINGS.has(last) || /(,|-|—|…|\.\.\.)$/.test(text.trim())) return PATIENCE_MS.open;
  // "My number is five five": a run of digits may go on.
  if (NUMBER_WORD.test(last) && words.length > 1 && NUMBER_WORD.test(words.at(-2) ?? ''))
    return PATIENCE_MS.open;
  return /[.?!]$/.test(text.trim()) ? PATIENCE_MS.complete : PATIENCE_MS.unmarked;
}
