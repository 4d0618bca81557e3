import { quotedName } from './taskTalk.ts';

/** What to say when nobody spoke but something happened. */
export function answerEvent(event: string): string {
  const text = event.toLowerCase();
  if (/\b(task|job|batch)\b/.test(text)) {
    const task = quotedName(event);
    const named = task ? ` '${task}'` : '';
    const failure = /\b(failed|expired|cancell?ed)\b/.exec(text)?.[1];
    if (failure) {
      return `Sorry, your task${named} has ${failure === 'failed' || failure === 'expired' ? failure : 'been cancelled'}. Would you like me to try again?`;
    }
    if (/\b(ready|finished|completed?|done)\b/.test(text)) {
      return `Your task${named} is ready. Would you like me to read the results?`;
    }
  }
  if (/\b(greet|joined|joins|started|starts|connected|rejoined|returned)\b/.test(text)) {
    return 'Hello! How can I help you today?';
  }
  if (/\b(silent|silence|quiet|nothing)\b/.test(text)) return 'Are you still there?';
  if (/\b(left|hung up|ended|ending)\b/.test(text)) return 'Goodbye.';
  return 'Okay.';
}
