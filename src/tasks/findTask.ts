import { normalisedWords } from './sameRequest.ts';
import type { Task } from './taskRecord.ts';

/** What a name means among some tasks. */
export type TaskMatch =
  | { readonly kind: 'one'; readonly task: Task }
  | { readonly kind: 'none' }
  /** The name fits these equally well: the caller has to be asked. */
  | { readonly kind: 'several'; readonly tasks: readonly Task[] };

/** Share of the wanted words that a description must have to be meant. */
const ENOUGH = 0.5;
/** Of an id, so much of its beginning stands for the whole. */
const SHORTEST_ID = 6;
const SMALL_WORDS = new Set(
  'a an the for of on about my our your that this it to and task tasks job result results one first last latest newest thing work revised'.split(
    ' ',
  ),
);

/**
 * The task with this job id (or the beginning of one), or else the one whose description is meant; the newest of those with
 * the same description. Words that name nothing ("the task") mean the only task that there is.
 */
export function findTask(tasks: readonly Task[], wanted: string): TaskMatch {
  const id = wanted.trim().toLowerCase();
  const exact = tasks.find((task) => task.jobId.toLowerCase() === id);
  if (exact) return { kind: 'one', task: exact };
  const beginning =
    id.length >= SHORTEST_ID ? tasks.filter((task) => task.jobId.toLowerCase().startsWith(id)) : [];
  if (beginning[0] && beginning.length === 1) return { kind: 'one', task: beginning[0] };

  const words = tellingWords(wanted);
  if (words.length === 0) {
    const newest = tasks.at(-1);
    if (newest && /\b(last|latest|newest)\b/i.test(wanted)) return { kind: 'one', task: newest };
    return matchOf(tasks);
  }
  const scored = tasks.map((task) => ({ task, share: shareOf(words, tellingWords(task.description)) }));
  const best = Math.max(0, ...scored.map(({ share }) => share));
  if (best < ENOUGH) return { kind: 'none' };
  return matchOf(scored.filter(({ share }) => share === best).map(({ task }) => task));
}

function matchOf(candidates: readonly Task[]): TaskMatch {
  const names = new Map(candidates.map((task) => [tellingWords(task.description).join(' '), task]));
  const [first] = names.values();
  if (!first) return { kind: 'none' };
  return names.size === 1 ? { kind: 'one', task: first } : { kind: 'several', tasks: [...names.values()] };
}

function shareOf(wanted: readonly string[], own: readonly string[]): number {
  return wanted.filter((word) => own.some((other) => isSame(word, other))).length / wanted.length;
}

function tellingWords(text: string): string[] {
  return [
    ...new Set(
      normalisedWords(text)
        .split(' ')
        .filter((word) => word !== '' && !SMALL_WORDS.has(word)),
    ),
  ];
}

/** As speech recognition writes words: plural or not, and a letter wrong in a long one. */
function isSame(a: string, b: string): boolean {
  if (a === b || `${a}s` === b || a === `${b}s`) return true;
  return a.length >= 5 && b.length >= 5 && Math.abs(a.length - b.length) <= 1 && isOneEditAway(a, b);
}

function isOneEditAway(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 1;
}
