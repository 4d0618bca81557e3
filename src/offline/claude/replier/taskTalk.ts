import { isRecord } from '../isRecord.ts';
import { cleanMarkup } from './cleanMarkup.ts';
import { withoutIds } from './jobs.ts';
import { numberToWords } from './numbers.ts';
import { linesOf, readFrom } from './reading.ts';
import { sentence } from './sentence.ts';
import { whichOne } from './whichOne.ts';
import { withoutQuotes } from './withoutQuotes.ts';
import { theTask } from './work.ts';

const STATUS_LINE =
  /^(?:[-*•\s]*)(?:(?:job|task)\b)?[^:]*?:\s*(.+?)\s*(?:[-–—:(]|\bis\b)\s*(processing|in[ _]progress|running|queued|validating|finalizing|completed?|ready|failed|expired|cancell?ed)\b/i;
const STATUS_SPOKEN: readonly (readonly [RegExp, string])[] = [
  [/^(complete|ready)/i, 'is ready'],
  [/^fail/i, 'has failed'],
  [/^expired/i, 'has expired'],
  [/^cancel/i, 'has been cancelled'],
  [/./, 'is still being worked on'],
];
const WORDS_OF_UNKNOWN_TEXT = 40;

/** What to say after `submit_batch_task` has answered. */
export function speakSubmission(result: { input: unknown; text: string; isError: boolean }): string {
  const { input, isError } = result;
  const description =
    isRecord(input) && typeof input.task_description === 'string' ? input.task_description : '';
  const answer = withoutQuotes(result.text);
  if (!isError && /\b(already|nothing new was started)\b/i.test(answer)) {
    return /\balready (complete|done|finished|ready)/i.test(answer)
      ? `I have done ${theTask(description)} already. Would you like me to read the results?`
      : `I am already working on ${theTask(description)}. I will let you know when it is ready.`;
  }
  if (isError || /^(failed|error|sorry)\b|\bcould not\b/i.test(answer)) {
    return `I am sorry, I could not start that task. ${speakPlainly(result.text)} Would you like me to try again?`;
  }
  return `I have started working on ${theTask(description)}. I will let you know when it is ready.`;
}

/** What to say after `check_task_status` has answered. */
export function speakStatus(result: { text: string; isError: boolean }): string {
  if (result.isError) return `I could not look that up. ${speakPlainly(result.text)}`;
  if (/\bno (tasks?|jobs?)\b/i.test(result.text)) return 'You have no tasks at the moment.';
  const tasks = result.text.split('\n').flatMap((line) => {
    if (/^In short:/.test(line)) return [];
    const [, description, status] = STATUS_LINE.exec(line) ?? [];
    if (!description || !status) return [];
    const spoken = STATUS_SPOKEN.find(([pattern]) => pattern.test(status))?.[1] ?? '';
    return [{ what: theTask(withoutIds(description).replace(/^['"“]|['"”]$/g, '')), spoken }];
  });
  if (tasks.length === 0) return speakPlainly(result.text);
  const recent = tasks.slice(-3);
  const short = /^In short: (.+?)\.?$/m.exec(result.text)?.[1];
  const count = `You have ${numberToWords(tasks.length)} tasks${short === undefined ? '' : `: ${short}`}. `;
  const intro = tasks.length > 1 ? count : '';
  const states = recent.map(({ what, spoken }) => sentence(`${what} ${spoken}`)).join(' ');
  const offer = recent.some(({ spoken }) => spoken === 'is ready')
    ? ' Would you like me to read the results?'
    : '';
  return `${intro}${states}${offer}`;
}

/** What to say after `get_task_result` has answered: the beginning of the result, or why there is none. */
export function speakResult(result: { text: string; isError: boolean }): string {
  const { text, isError } = result;
  if (isError) return `I could not get the results. ${speakPlainly(text)}`;
  if (/^\s*no (task|job|results?)\b/i.test(text)) return 'I could not find a task like that.';
  const failure = /^\s*task .* has (failed|expired|been cancelled|cancelled)\b/i.exec(
    withoutQuotes(text),
  )?.[1];
  if (failure) {
    const how = failure.endsWith('cancelled') ? 'been cancelled' : failure;
    const [reason] = linesOf(text);
    return `That task has ${how}. ${reason?.text ?? ''} Would you like me to try again?`;
  }
  if (text.length < 300 && /\bis still\b|\bnot (yet )?(ready|finished|complete)/i.test(text)) {
    return 'That task is still being worked on. I will let you know when it is ready.';
  }
  if (/no results were saved/i.test(text)) return 'The task is done, but no results were saved.';
  if (/^\s*All of the result\b/.test(text)) return 'That was the end of the results.';
  if (/\bmay mean several tasks\b/.test(text)) return whichOne(text);
  const lines = linesOf(text);
  if (/\bhas no section\b/.test(withoutQuotes(text))) {
    const list = /<task_sections>([\s\S]*?)<\/task_sections>/.exec(text)?.[1] ?? '';
    const titles = [...list.matchAll(/^\d+\. (.+) \(\d+ words\)$/gm)].map(([, title]) => title).slice(0, 4);
    return `There is no such part. There are, for example: ${titles.join(', ')}.`;
  }
  if (/\ba part to be read out\b/.test(withoutQuotes(text))) {
    const more = /<\/task_result>[\s\S]*\bmore follows\b/.test(text);
    return [...lines.map((line) => line.text), more ? 'Shall I go on?' : 'That is the end of it.'].join(' ');
  }
  return lines.length === 0 ? 'The task is done, but its result is empty.' : readFrom(lines, 0);
}

/** A tool's own words, without ids and markup, and not too many of them. */
export function speakPlainly(text: string): string {
  const words = cleanMarkup(withoutIds(text))
    .map((line) => sentence(line.text))
    .join(' ')
    .split(' ');
  const short = words.slice(0, WORDS_OF_UNKNOWN_TEXT).join(' ');
  return short === '' ? '' : sentence(short);
}

/** The task's name between quotation marks in the text of an event. */
export function quotedName(text: string): string | undefined {
  return /["“'‘]([^"”]{3,120}?)["”'’](?![a-z])/.exec(text)?.[1];
}
