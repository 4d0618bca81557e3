import { isRecord } from './requestLines.ts';

/** What a chat or responses request asks for: its last user message, as plain text. */
export function lastUserText(body: Readonly<Record<string, unknown>>): string {
  if (typeof body.input === 'string') return body.input;
  const list = Array.isArray(body.messages) ? body.messages : Array.isArray(body.input) ? body.input : [];
  const last = list.filter(isRecord).findLast((message) => message.role === 'user');
  return last ? textOf(last.content) : '';
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isRecord)
    .map((part) => (typeof part.text === 'string' ? part.text : ''))
    .join('\n');
}
