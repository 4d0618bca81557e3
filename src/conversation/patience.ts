/** Words after which nobody has finished: articles, prepositions, conjunctions, auxiliaries, hesitations. */
const OPEN_ENDINGS = new Set(
  (
    'a an the and or but so because if when while that which who my your his her our their its this these those ' +
    'to of in on at by for with from about into than as like i we you he she they is are was were am be been ' +
    "will would could should can may might must do does did have has had i'm i'd i'll it's um uh er erm hmm well"
  ).split(' '),
);

/** Whole turns that a recogniser may leave without a full stop. */
const CLOSED =
  /^(yes|yeah|yep|no|nope|okay|ok|sure|thanks|thank you|goodbye|bye|stop|please|hello|hi|right)$/;

const NUMBER_WORD = /^(\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine)$/;

/** `sentence`: a whole one, that leaves nothing to wait for. `complete`: a word or two that may open a longer turn. */
export const PATIENCE_MS = { sentence: 120, complete: 300, unmarked: 900, open: 1_600 } as const;

const SENTENCE_WORDS = 3;

/** A caller who pauses for so long within a turn is given half as much again, up to a limit in ms. */
const RHYTHM_FACTOR = 1.5;
const LONGEST_MS = 2_600;

/**
 * How long the user has to be silent, in ms, before these words count as a finished turn. Punctuation is the recogniser's
 * guess, so the last word weighs more than a full stop: "I would like to." is not finished. `usualPauseMs`: how long this
 * caller has been pausing in the middle of turns.
 */
export function patience(text: string, usualPauseMs = 0): number {
  const base = PATIENCE_MS[completeness(text)];
  if (base <= PATIENCE_MS.complete) return base;
  return Math.min(LONGEST_MS, Math.max(base, usualPauseMs * RHYTHM_FACTOR));
}

function completeness(text: string): keyof typeof PATIENCE_MS {
  const trimmed = text.trim();
  const words = trimmed.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  const last = words.at(-1);
  if (last === undefined) return 'unmarked';
  const whole = words.length >= SENTENCE_WORDS && /[.?!]$/.test(trimmed) ? 'sentence' : 'complete';
  if (CLOSED.test(words.slice(-2).join(' ')) || CLOSED.test(last)) return whole;
  // "Who is he?" is finished, whatever stands at its end.
  if (trimmed.endsWith('?') && words.length > 2) return 'sentence';
  if (OPEN_ENDINGS.has(last) || /(,|-|—|…|\.\.\.)$/.test(trimmed)) return 'open';
  if (NUMBER_WORD.test(last) && isDictated(words)) return 'open';
  return /[.?!]$/.test(trimmed) ? whole : 'unmarked';
}

/** "My number is five five": digits that are dictated may go on. */
function isDictated(words: readonly string[]): boolean {
  const named = words.some((word) => /^(number|code|phone|zip|card|pin)$/.test(word));
  return named || NUMBER_WORD.test(words.at(-2) ?? '');
}
