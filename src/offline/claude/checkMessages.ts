import { badRequest } from './apiError.ts';
import type { ModelRules } from './models.ts';
import type { Block, Message } from './wire.ts';

const ORPHAN_RESULT =
  '`tool_result` block(s) provided when previous message does not contain any `tool_use` blocks';

/** The vendor's rules between messages, in its own words; `messages` are merged already. */
export function checkMessages(messages: readonly Message[], model: ModelRules): void {
  messages.forEach((message, index) => {
    if (message.role === 'system') checkSystem(messages, index, model);
    if (message.role === 'assistant') checkCalls(message, messages[index + 1], index);
    if (message.role === 'user') checkResults(message, messages[index - 1], index);
  });
  checkIds(messages);
  if (messages[0]?.role === 'assistant') {
    throw badRequest('messages: first message must use the "user" role');
  }
  checkEnd(messages.at(-1), model);
}

function checkSystem(messages: readonly Message[], index: number, model: ModelRules): void {
  if (!model.systemMessages) throw badRequest("role 'system' is not supported on this model");
  if (messages[index - 1]?.role !== 'user') {
    throw badRequest(`messages.${index}: a 'system' message must directly follow a user message`);
  }
}

/** Every call must be answered at the very start of the next message, and nothing may be said after a call. */
function checkCalls(message: Message, next: Message | undefined, index: number): void {
  const calls = message.content.filter((block) => block.type === 'tool_use');
  if (calls.length === 0) return;
  const answered = leadingResults(next);
  const lastCall = message.content.findLastIndex((block) => block.type === 'tool_use');
  const textAfter = message.content.slice(lastCall).some((block) => block.type === 'text');
  const unanswered = calls.filter((call) => textAfter || !answered.has(call.id)).map((call) => call.id);
  if (unanswered.length === 0) return;
  throw badRequest(
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ` +
      `${unanswered.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  );
}

function leadingResults(message: Message | undefined): Set<string> {
  const ids = new Set<string>();
  if (message?.role !== 'user') return ids;
  for (const block of message.content) {
    if (block.type !== 'tool_result') break;
    ids.add(block.tool_use_id);
  }
  return ids;
}

function checkResults(message: Message, previous: Message | undefined, index: number): void {
  const calls = new Set(idsOf(previous));
  for (const block of message.content) {
    if (block.type !== 'tool_result') continue;
    if (calls.size === 0) throw badRequest(ORPHAN_RESULT);
    if (!calls.has(block.tool_use_id)) {
      throw badRequest(
        `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${block.tool_use_id}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    }
  }
}

function checkIds(messages: readonly Message[]): void {
  const ids = messages.flatMap(idsOf);
  if (new Set(ids).size < ids.length) throw badRequest('messages: `tool_use` ids must be unique');
}

function idsOf(message: Message | undefined): string[] {
  return message?.content.flatMap((block: Block) => (block.type === 'tool_use' ? [block.id] : [])) ?? [];
}

/** A conversation ends with the user, unless the model takes a prefill or a server tool's turn was paused. */
function checkEnd(last: Message | undefined, model: ModelRules): void {
  if (last?.role !== 'assistant') return;
  const end = last.content.at(-1);
  if (end?.type === 'other') return;
  if (!model.prefill) {
    throw badRequest(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  }
  if (end?.type === 'text' && end.text !== end.text.trimEnd()) {
    throw badRequest('messages: final assistant content cannot end with trailing whitespace');
  }
}
