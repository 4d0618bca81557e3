import { fold } from './fold.ts';
import { LONG_TALKS } from './longTalks.ts';
import { firstUnheard, type Line, linesOf, readFrom, sectionNamed } from './reading.ts';
import type { Item } from './transcript.ts';

/** Goes on with whatever was being read or told last, after the last sentence that was heard to its end. */
export function goOn(items: readonly Item[]): string {
  const result = latestResult(items);
  const talk = latestTalk(items);
  if (talk && talk.at > (result?.at ?? -1)) {
    const next = firstUnheard(talk.lines, heardIn(items, 0));
    return next < talk.lines.length ? talk.lines.slice(next).join(' ') : 'That was all of it.';
  }
  if (!result) return 'There is nothing to go on with. What would you like to know?';
  const next = firstUnheard(
    result.lines.map((line) => line.text),
    heardIn(items, result.at),
  );
  return next < result.lines.length ? readFrom(result.lines, next) : 'That was the end of the results.';
}

/** Whether the thing that was read or told last is a result. */
export function readsResult(items: readonly Item[]): boolean {
  const result = latestResult(items);
  return result !== undefined && result.at > (latestTalk(items)?.at ?? -1);
}

/** Reads the section of the latest result that the folded text names. */
export function readSection(items: readonly Item[], folded: string): string | undefined {
  const result = latestResult(items);
  const start = result && sectionNamed(result.lines, folded);
  return result && start !== undefined ? readFrom(result.lines, start) : undefined;
}

function latestResult(items: readonly Item[]): { at: number; lines: Line[] } | undefined {
  const at = items.findLastIndex(
    (item) => item.kind === 'result' && item.name === 'get_task_result' && !item.isError,
  );
  const item = items[at];
  return item?.kind === 'result' ? { at, lines: linesOf(item.text) } : undefined;
}

function latestTalk(items: readonly Item[]): { at: number; lines: readonly string[] } | undefined {
  const at = items.findLastIndex((item) => item.kind === 'agent' && talkOf(item.text) !== undefined);
  const item = items[at];
  const lines = item?.kind === 'agent' ? talkOf(item.text) : undefined;
  return lines && { at, lines };
}

/** The talk from which this text comes: its first few words are the beginning of one of the talk's sentences. */
function talkOf(text: string): readonly string[] | undefined {
  const heard = fold(text);
  return LONG_TALKS.find((lines) =>
    lines.some((line) => {
      const start = fold(line).split(' ').slice(0, 4).join(' ');
      return heard.startsWith(start) || (heard.length > 3 && start.startsWith(heard));
    }),
  );
}

function heardIn(items: readonly Item[], from: number): string[] {
  return items.slice(from).flatMap((item) => (item.kind === 'agent' ? [item.text] : []));
}
