import { asData } from '../../tools/asData.ts';
import type { Task } from '../taskRecord.ts';

/** Of the first result, so much is sent along: far more than a model writes in one job. */
const LONGEST_RESULT = 100_000;

/** Instructions for a second version: what is to change, what was asked for at first, and the first result as data. */
export function refinedPrompt(task: Task, result: string, changes: string): string {
  return [
    `Write a new, complete version of this work: ${task.description}.`,
    `Change it in this way: ${changes}`,
    'Keep whatever these changes do not touch. Write the whole new version and no comment on what was changed.',
    ...(task.prompt.trim() === ''
      ? []
      : [`The first version was written to these instructions:\n${bare(task.prompt)}`]),
    `This is the first version. ${asData(result.slice(0, LONGEST_RESULT), { tag: 'first_version' })}`,
  ].join('\n\n');
}

/** Of instructions that carried an earlier version themselves, only the instructions: the newest version is enough. */
function bare(prompt: string): string {
  return prompt.replace(/\n*This is the first version\.[\s\S]*$/, '');
}
