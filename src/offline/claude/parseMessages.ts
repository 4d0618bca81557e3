import { badRequest } from './apiError.ts';
import { isRecord } from './isRecord.ts';
import type { Block, Message, TextBlock } from './wire.ts';

/** Reads `messages` as the vendor does: a string is one text block, neighbours of one role are one message. */
export function parseMessages(value: unknown): Message[] {
  if (value === undefined) throw badRequest('messages: Field required');
  if (!Array.isArray(value)) throw badRequest('messages: Input should be a valid list');
  if (value.length === 0) throw badRequest('messages: at least one message is required');
  const merged: { role: Message['role']; content: Block[] }[] = [];
  value.forEach((message: unknown, index) => {
    const { role, content } = parseMessage(message, `messages.${index}`, index === value.length - 1);
    const last = merged.at(-1);
    if (last?.role === role) last.content.push(...content);
    else merged.push({ role, content });
  });
  return merged;
}

function parseMessage(
  message: unknown,
  at: string,
  isLast: boolean,
): { role: Message['role']; content: Block[] } {
  if (!isRecord(message)) throw badRequest(`${at}: Input should be a valid dictionary`);
  const { role, content } = message;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw badRequest(`${at}.role: Input should be 'user', 'assistant' or 'system'`);
  }
  if (content === undefined) throw badRequest(`${at}.content: Field required`);
  if (typeof content !== 'string' && !Array.isArray(content)) {
    throw badRequest(`${at}.content: Input should be a valid string or list`);
  }
  if (content.length === 0 && !(isLast && role === 'assistant')) {
    throw badRequest(
      `${at}: all messages must have non-empty content except for the optional final assistant message`,
    );
  }
  if (typeof content === 'string') return { role, content: content === '' ? [] : [textBlock(content)] };
  return { role, content: content.map((block, index) => parseBlock(block, role, `${at}.content.${index}`)) };
}

function parseBlock(block: unknown, role: string, at: string): Block {
  if (!isRecord(block) || typeof block.type !== 'string') throw badRequest(`${at}.type: Field required`);
  switch (block.type) {
    case 'text': {
      if (typeof block.text !== 'string') throw badRequest(`${at}.text: Input should be a valid string`);
      if (role === 'user' && Array.isArray(block.citations) && block.citations.length > 0) {
        throw badRequest(`${at}.citations: citations are not allowed on user text`);
      }
      return textBlock(block.text);
    }
    case 'tool_use':
      if (role !== 'assistant') throw badRequest('`tool_use` blocks can only be in `assistant` messages');
      return {
        type: 'tool_use',
        id: requireString(block.id, `${at}.id`),
        name: requireString(block.name, `${at}.name`),
        input: requireRecord(block.input, `${at}.input`),
      };
    case 'tool_result':
      if (role !== 'user') throw badRequest('`tool_result` blocks can only be in `user` messages');
      return {
        type: 'tool_result',
        tool_use_id: requireString(block.tool_use_id, `${at}.tool_use_id`),
        ...(block.content === undefined ? {} : { content: resultContent(block.content, at) }),
        ...(block.is_error === true ? { is_error: true } : {}),
      };
    case 'thinking':
      return {
        type: 'thinking',
        thinking: requireString(block.thinking, `${at}.thinking`),
        signature: requireString(block.signature, `${at}.signature`),
      };
    case 'document':
      if (role === 'assistant')
        throw badRequest(`${at}: document blocks are not allowed in assistant messages`);
      return { type: 'other', vendorType: block.type };
    default:
      return { type: 'other', vendorType: block.type };
  }
}

/** The two literal texts of the vendor for text that says nothing. */
function textBlock(text: string): TextBlock {
  if (text === '') throw badRequest('messages: text content blocks must be non-empty');
  if (text.trim() === '') throw badRequest('messages: text content blocks must contain non-whitespace text');
  return { type: 'text', text };
}

function resultContent(content: unknown, at: string): string | TextBlock[] {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw badRequest(`${at}.content: Input should be a valid string or list`);
  return content.flatMap((part: unknown): TextBlock[] =>
    isRecord(part) && part.type === 'text' && typeof part.text === 'string'
      ? [{ type: 'text', text: part.text }]
      : [],
  );
}

function requireString(value: unknown, at: string): string {
  if (typeof value !== 'string') throw badRequest(`${at}: Input should be a valid string`);
  return value;
}

function requireRecord(value: unknown, at: string): object {
  if (!isRecord(value)) throw badRequest(`${at}: Input should be a valid dictionary`);
  return value;
}
