import { withoutIds } from './jobs.ts';
import { sentence } from './sentence.ts';
import { quotedName, speakPlainly } from './taskTalk.ts';
import { whichOne } from './whichOne.ts';
import { withoutQuotes } from './withoutQuotes.ts';
import { theTask } from './work.ts';

interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

/** What to say after `cancel_task` has answered. */
export function speakCancellation({ text, isError }: Answer): string {
  if (isError) return `I could not cancel it. ${speakPlainly(text)}`;
  const open = whichOrNone(text);
  if (open) return open;
  const what = theTask(quotedName(text) ?? '');
  const how = withoutQuotes(text);
  if (/\bwas cancelled\b/.test(how)) return `I have cancelled ${what}.`;
  const state = /\balready (\w+)/.exec(how)?.[1];
  return state === undefined
    ? sentence(`${what} had just ended, so I could not cancel it`)
    : sentence(
        `${what} could not be cancelled: it had already ${state === 'cancelled' ? 'been cancelled' : state}`,
      );
}

/** What to say after `retry_task` or `refine_task` has answered. */
export function speakNewJob({ text, isError }: Answer): string {
  if (isError)
    return `I am sorry, I could not start that. ${speakPlainly(text)} Would you like me to try again?`;
  const open = whichOrNone(text);
  if (open) return open;
  const what = theTask(quotedName(text) ?? '');
  const how = withoutQuotes(text);
  if (/submitted successfully/.test(how)) {
    return `I have started working on ${what}. I will let you know when it is ready.`;
  }
  if (/submitted a moment ago/.test(how)) return `I am already working on ${what}.`;
  if (/\bis still running\b/.test(how))
    return sentence(`${what} is still being worked on, so I have not started anything new`);
  return speakPlainly(withoutIds(text));
}

/** The tool found no task of that name, or several. */
function whichOrNone(text: string): string | undefined {
  if (/^\s*no task\b/i.test(text)) return 'I could not find a task like that.';
  if (!/may mean several tasks/.test(text)) return undefined;
  return whichOne(text);
}
