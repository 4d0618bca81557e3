import type { Message, ToolResultBlock } from '../wire.ts';

/** One thing that happened in the call, as the request tells it. */
export type Item =
  | { readonly kind: 'caller'; readonly text: string }
  | { readonly kind: 'agent'; readonly text: string }
  /** Text between `<event>` tags: written by the program, said by nobody. */
  | { readonly kind: 'event'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly input: unknown }
  | {
      readonly kind: 'result';
      readonly name: string;
      readonly input: unknown;
      readonly text: string;
      readonly isError: boolean;
    };

const EVENT = /<event>([\s\S]*?)<\/event>/g;

/** The conversation in the order in which it happened. */
export function transcript(messages: readonly Message[]): Item[] {
  const calls = new Map<string, { name: string; input: unknown }>();
  const items: Item[] = [];
  for (const { role, content } of messages) {
    for (const block of content) {
      if (block.type === 'text' && role === 'assistant') items.push({ kind: 'agent', text: block.text });
      else if (block.type === 'text' && role === 'system') items.push({ kind: 'event', text: block.text });
      else if (block.type === 'text') items.push(...userItems(block.text));
      else if (block.type === 'tool_use') {
        calls.set(block.id, block);
        items.push({ kind: 'call', name: block.name, input: block.input });
      } else if (block.type === 'tool_result') {
        const { name, input } = calls.get(block.tool_use_id) ?? { name: '', input: {} };
        items.push({
          kind: 'result',
          name,
          input,
          text: resultText(block),
          isError: block.is_error === true,
        });
      }
    }
  }
  return items;
}

function userItems(text: string): Item[] {
  const items: Item[] = [];
  let spokenFrom = 0;
  const addSpoken = (until: number) => {
    const spoken = text.slice(spokenFrom, until).trim();
    if (spoken !== '' && spoken !== '(empty)') items.push({ kind: 'caller', text: spoken });
  };
  for (const match of text.matchAll(EVENT)) {
    addSpoken(match.index);
    items.push({ kind: 'event', text: (match[1] ?? '').trim() });
    spokenFrom = match.index + match[0].length;
  }
  addSpoken(text.length);
  return items;
}

function resultText(block: ToolResultBlock): string {
  if (typeof block.content === 'string') return block.content;
  return (block.content ?? []).map((part) => part.text).join('\n');
}

/** What came since the agent last said or did something: the thing to answer. */
export function latest(items: readonly Item[]): Item[] {
  const own = items.findLastIndex((item) => item.kind === 'agent' || item.kind === 'call');
  return items.slice(own + 1);
}
