import type Anthropic from '@anthropic-ai/sdk';
import type { AssistantPart, ChatMessage, UserPart } from '../conversation/message.ts';

const CALL_STARTED = '<event>The call has started.</event>';

/**
 * Our history in the vendor's shape. Neighbours of one role become one message with the tool results first, blank text
 * is left out, and a history that begins with our greeting gets a first user message: the API wants all three.
 */
export function claudeMessages(messages: readonly ChatMessage[]): Anthropic.MessageParam[] {
  const merged: { role: 'user' | 'assistant'; content: Anthropic.ContentBlockParam[] }[] = [];
  for (const message of messages) {
    const content = message.role === 'user' ? userBlocks(message.content) : assistantBlocks(message.content);
    if (content.length === 0) continue;
    const last = merged.at(-1);
    if (last?.role === message.role) last.content.push(...content);
    else merged.push({ role: message.role, content });
  }
  for (const message of merged) {
    if (message.role === 'user') message.content = resultsFirst(message.content);
  }
  if (merged[0]?.role !== 'user') {
    merged.unshift({ role: 'user', content: [{ type: 'text', text: CALL_STARTED }] });
  }
  return merged;
}

function userBlocks(parts: readonly UserPart[]): Anthropic.ContentBlockParam[] {
  return parts.flatMap((part): Anthropic.ContentBlockParam[] => {
    if (part.type === 'text') return textBlock(part.text);
    const { toolUseId, content, isError } = part;
    return [{ type: 'tool_result', tool_use_id: toolUseId, content, ...(isError ? { is_error: true } : {}) }];
  });
}

function assistantBlocks(parts: readonly AssistantPart[]): Anthropic.ContentBlockParam[] {
  return parts.flatMap((part): Anthropic.ContentBlockParam[] => {
    if (part.type === 'text') return textBlock(part.text.trimEnd());
    return [{ type: 'tool_use', id: part.id, name: part.name, input: part.input }];
  });
}

function textBlock(text: string): Anthropic.TextBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function resultsFirst(content: readonly Anthropic.ContentBlockParam[]): Anthropic.ContentBlockParam[] {
  const results = content.filter((block) => block.type === 'tool_result');
  return [...results, ...content.filter((block) => block.type !== 'tool_result')];
}
