import type { ChatMessage } from '../../../src/conversation/message.ts';
import type { Fail, Invariant } from './invariant.ts';

/** Every request to the model obeys the vendor's rules, and every tool call is followed at once by its result. */
export function requestsAreValid(fail: Fail): Invariant {
  return {
    command(command) {
      if (command.type !== 'llm.start') return;
      const problem = problemOf(command.messages);
      if (problem) fail(`request ${command.replyId} is not valid: ${problem}`);
    },
  };
}

function problemOf(messages: readonly ChatMessage[]): string | undefined {
  if (messages[0]?.role !== 'user') return 'it does not begin with the user';
  if (messages.at(-1)?.role !== 'user') return 'it does not end with the user';
  const known = new Set<string>();
  let open: readonly string[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    if (role === messages[index - 1]?.role)
      return `messages ${index - 1} and ${index} are both of the ${role}`;
    if (content.length === 0) return `message ${index} is empty`;
    if (content.some((part) => part.type === 'text' && part.text.trim() === ''))
      return `message ${index} has an empty text`;
    const results = content.flatMap((part) => (part.type === 'toolResult' ? [part.toolUseId] : []));
    if (results.length !== open.length || open.some((id) => !results.includes(id))) {
      return `message ${index} answers [${results}] where [${open}] was called`;
    }
    if (content.slice(0, results.length).some((part) => part.type !== 'toolResult')) {
      return `message ${index} does not begin with its results`;
    }
    open = content.flatMap((part) => (part.type === 'toolUse' ? [part.id] : []));
    const firstCall = content.findIndex((part) => part.type === 'toolUse');
    if (firstCall >= 0 && content.slice(firstCall).some((part) => part.type === 'text')) {
      return `message ${index} says something after a tool call`;
    }
    for (const id of open) {
      if (known.has(id)) return `${id} was called twice`;
      known.add(id);
    }
  }
  return open.length > 0 ? `[${open}] was never answered` : undefined;
}
