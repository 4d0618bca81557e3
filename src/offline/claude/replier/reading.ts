import { cleanMarkup } from './cleanMarkup.ts';
import { fold } from './fold.ts';
import { sentence } from './sentence.ts';

/** A sentence to be read out. */
export interface Line {
  readonly text: string;
  readonly isHeading: boolean;
}

const WORDS_AT_ONCE = 60;
const WORDS_IN_A_LINE = 45;
const WORDS_THAT_TELL = 5;

/** The readable sentences of what `get_task_result` gave, without the words that the tool puts around them. */
export function linesOf(toolResult: string): Line[] {
  return cleanMarkup(bodyOf(toolResult)).flatMap(({ text, isHeading }) =>
    text
      .split(/(?<=[.!?])\s+(?=\S)/)
      .flatMap(shorten)
      .map((part) => ({ text: sentence(part), isHeading })),
  );
}

function bodyOf(toolResult: string): string {
  const tagged = /<(\w*(?:result|document|data|content)\w*)\b[^>]*>([\s\S]*?)(<\/\1>|$)/i.exec(toolResult);
  return (tagged?.[2] ?? toolResult).replace(/^\s*Results? (?:for|of) [^\n]*:\s*\n/i, '');
}

/** A sentence that would not fit into one breath is read in parts. */
function shorten(text: string): string[] {
  const words = text.split(' ');
  if (words.length <= WORDS_IN_A_LINE) return [text];
  return [words.slice(0, WORDS_IN_A_LINE).join(' '), ...shorten(words.slice(WORDS_IN_A_LINE).join(' '))];
}

/** About sixty words from `start` on, in whole sentences, with the offer to go on or the end. */
export function readFrom(lines: readonly Line[], start: number): string {
  const parts: string[] = [];
  let words = 0;
  let next = start;
  for (; next < lines.length; next++) {
    const line = lines[next];
    if (!line) break;
    const length = line.text.split(' ').length;
    if (parts.length > 0 && words + length > WORDS_AT_ONCE) break;
    parts.push(line.text);
    words += length;
  }
  // A heading is read together with what stands under it.
  if (next < lines.length && parts.length > 1 && lines[next - 1]?.isHeading) parts.pop();
  return [...parts, next < lines.length ? 'Shall I go on?' : 'That is the end of it.'].join(' ');
}

/** Index of the first sentence after the last stretch that was heard to its end. */
export function firstUnheard(lines: readonly string[], heard: readonly string[]): number {
  const all = ` ${heard.map(fold).join(' ')} `;
  let next = 0;
  let words = 0;
  lines.forEach((line, index) => {
    const folded = fold(line);
    words = all.includes(` ${folded} `) ? words + folded.split(' ').length : 0;
    // A word or two may well stand at several places of a document.
    if (words >= WORDS_THAT_TELL || (words > 0 && index === next)) next = index + 1;
  });
  return next;
}

/** Index of the heading that a request names ("read the marketing part"), if there is one. */
export function sectionNamed(lines: readonly Line[], folded: string): number | undefined {
  const words = new Set(folded.split(' ').filter((word) => word.length > 3 && !COMMON.has(word)));
  const index = lines.findIndex(
    ({ text, isHeading }) =>
      isHeading &&
      fold(text)
        .split(' ')
        .some((word) => words.has(word)),
  );
  return index < 0 ? undefined : index;
}

const COMMON = new Set([
  'read',
  'part',
  'section',
  'chapter',
  'about',
  'result',
  'results',
  'please',
  'with',
  'plan',
]);
