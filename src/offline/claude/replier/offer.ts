import type { Item } from './transcript.ts';

/** What the agent has asked the caller and a "yes" would accept. */
export type Offer = 'read' | 'goOn' | 'retry' | 'none';

const ASKED: readonly (readonly [RegExp, Offer])[] = [
  [/\btry (it )?again\?/i, 'retry'],
  [/\b(shall|should) i (go on|continue)|\b(go on|continue)\?/i, 'goOn'],
  [/\bread (you )?(the|it|them|out)\b[^.]*\?|\bhear (the|it|them)\b[^.]*\?/i, 'read'],
];

/** The newest question that still stands; a notice of a finished task stands until its result has been asked for. */
export function pendingOffer(items: readonly Item[]): Offer {
  const before = items.slice(0, items.length - trailingSpeech(items));
  const last = before.findLast((item) => item.kind === 'agent' || item.kind === 'event');
  const asked = last && 'text' in last ? ASKED.find(([pattern]) => pattern.test(last.text))?.[1] : undefined;
  if (asked) return asked;
  for (const item of before.toReversed()) {
    if (item.kind === 'call' && item.name === 'get_task_result') return 'none';
    if (item.kind !== 'event' || !/\b(task|job|batch)\b/i.test(item.text)) continue;
    if (/\b(failed|expired|cancell?ed)\b/i.test(item.text)) return 'retry';
    if (/\b(ready|finished|completed?)\b/i.test(item.text)) return 'read';
  }
  return 'none';
}

function trailingSpeech(items: readonly Item[]): number {
  return items.length - 1 - items.findLastIndex((item) => item.kind !== 'caller');
}
