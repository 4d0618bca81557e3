import { call, type PlannedReply, say } from '../plannedReply.ts';
import type { ToolParam, ToolProperty } from '../wire.ts';
import { fold } from './fold.ts';
import type { Scene } from './scene.ts';
import { speakPlainly } from './taskTalk.ts';

/** The tools for long work have rules of their own. */
const KNOWN = new Set([
  'submit_batch_task',
  'check_task_status',
  'get_task_result',
  'cancel_task',
  'retry_task',
  'refine_task',
]);
const VERBS = new Set([
  'find',
  'look',
  'check',
  'make',
  'take',
  'tell',
  'call',
  'send',
  'with',
  'from',
  'fetch',
]);

/** Calls a tool that we know nothing of but its name and its input, when the caller uses words of its name. */
export function ownTool(said: string, { tools }: Scene): PlannedReply | undefined {
  const folded = fold(said);
  const tool = [...tools.values()].find(({ name, properties }) => {
    const words = fold(name.replace(/([a-z])([A-Z])/g, '$1 $2')).split(' ');
    const telling = words.filter((word) => word.length > 3 && !VERBS.has(word));
    return (
      properties && !KNOWN.has(name) && telling.some((word) => new RegExp(`\\b${word}s?\\b`).test(folded))
    );
  });
  if (!tool) return undefined;
  const input = Object.fromEntries(
    Object.entries(tool.properties ?? {}).flatMap(([name, property]) => {
      const value = valueFor(said, property);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const missing = missingIn(tool, input);
  if (missing !== undefined) return say(`For which ${fold(missing.replace(/([a-z])([A-Z])/g, '$1 $2'))}?`);
  return call(tool.name, input);
}

/** What to say after such a tool has answered. */
export function speakOwnTool({ text, isError }: { text: string; isError: boolean }): string {
  if (isError) return `I am sorry, that did not work. ${speakPlainly(text)}`;
  return speakPlainly(text) || 'That is done.';
}

function missingIn({ required = [] }: ToolParam, input: Record<string, unknown>): string | undefined {
  return required.find((name) => !(name in input));
}

function valueFor(said: string, { type, values }: ToolProperty): unknown {
  const folded = fold(said);
  if (values.length > 0) return values.find((value) => folded.includes(fold(value)));
  if (type === 'number' || type === 'integer') {
    const digits = /-?\d+(?:\.\d+)?/.exec(said)?.[0];
    return digits === undefined ? undefined : Number(digits);
  }
  if (type === 'boolean') return !/\b(no|not|without)\b/.test(folded);
  if (type !== 'string') return undefined;
  const words = /\b(?:in|for|of|at|about|to)\s+(?:the\s+)?([^.?!,]+)/i.exec(said)?.[1];
  return words?.replace(/\s+(?:today|tomorrow|now|please|right now|like)$/i, '').trim() || undefined;
}
