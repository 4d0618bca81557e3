import type { History } from './history.ts';

/**
 * What of our words the user heard after the tool use `toolUseId` was answered, an entry for each answer of ours: the first is
 * the one that the tool was used for. What is still being said counts as heard. Undefined: there was no such use.
 */
export function heardAfter(history: History, toolUseId: string): readonly string[] | undefined {
  const at = history.findLastIndex((item) => item.kind === 'toolResult' && item.toolUseId === toolUseId);
  if (at < 0) return undefined;
  const answers: string[] = [''];
  for (const item of history.slice(at + 1)) {
    if (item.kind === 'user') answers.push('');
    else if (item.kind === 'assistant') answers.push(`${answers.pop() ?? ''} ${item.text}`.trim());
  }
  return answers;
}
