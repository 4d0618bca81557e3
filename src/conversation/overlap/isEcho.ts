import { readBackchannels } from './backchannelReading.ts';
import { editDistance } from './editDistance.ts';
import { openingIn } from './openingIn.ts';

/** A word of this many letters is distinctive enough to be ours by itself. */
const LONG_WORD = 6;
/** A single word of this many letters that could open an interruption is ours if we are saying it. */
const OPENING_WORD = 5;
/** Of the words heard, this part has to be ours. */
const OURS_PART = 0.5;
/** Letters heard in a row, whatever the words, are ours with this many of them wrong: the fewer they are, the fewer. */
const LETTERS = [
  { atLeast: 10, wrong: 0.36 },
  { atLeast: 8, wrong: 0.3 },
  { atLeast: 6, wrong: 0.2 },
] as const;

const GAP = -0.7;
const MISMATCH = -0.8;
const MATCH = 2;

/** Are these words our own, come back from a loudspeaker? Words of an interruption that are not ours say no. */
export function isEcho(heard: readonly string[], ours: readonly string[]): boolean {
  if (heard.length === 0 || ours.length === 0) return false;
  if (heard.length === 1) return isEchoedWord(heard[0] ?? '', ours);
  const matched = alignment(heard, ours);
  if (foreignRuns(heard, matched).some((run) => isInterruption(run, ours))) return false;
  if (matched.size >= 2 && matched.size >= OURS_PART * heard.length) return true;
  const letters = heard.join('');
  const bound = LETTERS.find(({ atLeast }) => letters.length >= atLeast);
  if (bound === undefined) return false;
  return editDistance(letters, ours.join(''), 'anywhere') <= bound.wrong * letters.length;
}

function isEchoedWord(word: string, ours: readonly string[]): boolean {
  const opening = openingIn([word], new Set([0]));
  return (
    word.length >= (opening === 'none' ? LONG_WORD : OPENING_WORD) && ours.some((one) => alike(word, one))
  );
}

/** Places of the heard words that are ours, in the best piece of ours: in order, with few words between. */
function alignment(heard: readonly string[], ours: readonly string[]): ReadonlySet<number> {
  type Cell = { readonly score: number; readonly places: readonly number[] };
  const nothing: Cell = { score: 0, places: [] };
  let best = nothing;
  let row: readonly Cell[] = ours.map(() => nothing);
  heard.forEach((word, at) => {
    const next: Cell[] = [];
    ours.forEach((one, i) => {
      const before = (i > 0 ? row[i - 1] : undefined) ?? nothing;
      const above = row[i] ?? nothing;
      const left = next[i - 1] ?? nothing;
      const cell = [
        nothing,
        alike(word, one)
          ? { score: before.score + MATCH, places: [...before.places, at] }
          : { score: before.score + MISMATCH, places: before.places },
        { score: above.score + GAP, places: above.places },
        { score: left.score + GAP, places: left.places },
      ].reduce((most, other) => (other.score > most.score ? other : most));
      if (cell.score > best.score) best = cell;
      next.push(cell);
    });
    row = next;
  });
  return new Set(best.places);
}

/** The rows of words that are not ours. */
function foreignRuns(heard: readonly string[], matched: ReadonlySet<number>): readonly (readonly string[])[] {
  const runs: string[][] = [[]];
  heard.forEach((word, at) => {
    if (matched.has(at)) runs.push([]);
    else runs.at(-1)?.push(word);
  });
  return runs.filter((run) => run.length > 0);
}

function isInterruption(run: readonly string[], ours: readonly string[]): boolean {
  if (run.every((word) => ours.some((one) => alike(word, one)))) return false;
  const opening = openingIn(run, readBackchannels(run).reached);
  return opening === 'unmistakable' || opening === 'clear';
}

/** The same word, or a slip of the recogniser's. */
function alike(a: string, b: string): boolean {
  if (a === b) return true;
  const length = Math.max(a.length, b.length);
  const slips = length >= 8 ? 2 : length >= 4 ? 1 : 0;
  return Math.abs(a.length - b.length) <= slips && editDistance(a, b, 'whole') <= slips;
}
