import { theTask } from './work.ts';

/** Asks which of the tasks that a tool's answer lists is meant. */
export function whichOne(text: string): string {
  const names = text.split('\n').flatMap((line) => {
    const name = /^Job [^:]+: (.+) - \w+$/.exec(line)?.[1];
    return name === undefined ? [] : [theTask(name)];
  });
  return `Which one do you mean: ${names.join(', or ')}?`;
}
