import { fold } from './fold.ts';
import type { Item } from './transcript.ts';
import { withoutQuotes } from './withoutQuotes.ts';

const JOB_ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\bbatch_[\w-]+/gi;
const FINISHED = /\b(ready|finished|completed?|done)\b/i;
const FINISHED_AT_END = /\b(ready|finished|completed?|done)\W*$/i;
const FAILED = /\b(failed|expired|cancelled)\b/i;
const UNIMPORTANT = new Set(
  'read it the me a an to of for my your please yes results result and that them out task is job id about on in i you'.split(
    ' ',
  ),
);

/** A task that the conversation mentions. */
export interface Job {
  readonly id: string;
  readonly isFinished: boolean;
}

/** The job that the caller means: the one whose words they used, else a finished one, else the latest. */
export function jobMeant(items: readonly Item[], folded: string): Job | undefined {
  const asked = folded.split(' ').filter((word) => !UNIMPORTANT.has(word));
  let best: (Job & { score: number }) | undefined;
  for (const { id, context, isFinished } of mentions(items)) {
    const words = new Set(fold(context.replaceAll(id, '')).split(' '));
    const score = asked.filter((word) => words.has(word)).length * 2 + (isFinished ? 1 : 0);
    if (!best || score >= best.score) best = { id, isFinished, score };
  }
  return best;
}

/** Every job of the conversation once, as it was last mentioned; the latest last. */
export function jobsMentioned(items: readonly Item[]): readonly (Job & { readonly hasFailed: boolean })[] {
  const jobs = new Map<string, Job & { readonly hasFailed: boolean }>();
  for (const { id, context, isFinished } of mentions(items)) {
    jobs.delete(id);
    jobs.set(id, { id, isFinished, hasFailed: FAILED.test(withoutQuotes(context)) });
  }
  return [...jobs.values()];
}

interface Mention {
  readonly id: string;
  /** The words around it. */
  readonly context: string;
  readonly isFinished: boolean;
}

/** Every job id in events and tool results with the words around it, oldest first. */
function mentions(items: readonly Item[]): Mention[] {
  return items.flatMap((item) => {
    if (item.kind !== 'event' && item.kind !== 'result') return [];
    // What a task wrote is data: ids in it are not ours.
    if (item.kind === 'result' && (item.isError || item.name === 'get_task_result')) return [];
    const contexts = item.kind === 'event' ? [item.text] : item.text.split('\n');
    return contexts.flatMap((context) =>
      [...context.matchAll(JOB_ID)].map(([id]) => ({ id, context, isFinished: isFinished(item, context) })),
    );
  });
}

/** The answer to a submission promises to tell "when it is complete"; a status list ends each line with the status. */
function isFinished(item: Item, context: string): boolean {
  if (item.kind === 'event') return FINISHED.test(withoutQuotes(context));
  if (item.kind === 'result' && item.name === 'submit_batch_task') return /\balready complete/i.test(context);
  return FINISHED_AT_END.test(context);
}

/** `text` without job ids and the words that introduce them, fit to be spoken. */
export function withoutIds(text: string): string {
  return text
    .replace(/\(?\b(job|task)( id)?[:= ]*(?=[0-9a-f]{8}-|batch_)/gi, '')
    .replace(JOB_ID, '')
    .replace(/\(\s*\)|\s+(?=[.,:;!?)])/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
