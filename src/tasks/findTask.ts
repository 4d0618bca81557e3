import { normalisedWords } from './sameRequest.ts';
import type { Task } from './taskRecord.ts';

/** Share of the wanted words that a description must have to be meant. */
const ENOUGH = 0.5;
const SMALL_WORDS = new Set([
  'a',
  'an',
  'the',
  'for',
  'of',
  'on',
  'about',
  'my',
  'our',
  'task',
  'result',
  'results',
]);

/** The task with this job id, or else the one whose description is meant; the newest of equals. */
export function findTask(tasks: readonly Task[], wanted: string): Task | undefined {
  const exact = tasks.find((task) => task.jobId.toLowerCase() === wanted.toLowerCase());
  if (exact) return exact;
  const words = tellingWords(wanted);
  if (words.size === 0) return undefined;
  let best: { readonly task: Task; readonly share: number } | undefined;
  for (const task of tasks) {
    const own = tellingWords(task.description);
    const share = [...words].filter((word) => own.has(word)).length / words.size;
    if (share >= ENOUGH && share >= (best?.share ?? 0)) best = { task, share };
  }
  return best?.task;
}

function tellingWords(text: string): Set<string> {
  return new Set(
    normalisedWords(text)
      .split(' ')
      .filter((word) => word && !SMALL_WORDS.has(word)),
  );
}
