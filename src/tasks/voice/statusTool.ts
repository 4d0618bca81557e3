import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import type { TaskDesk } from '../taskDesk.ts';
import type { Task, TaskStatus } from '../taskRecord.ts';
import { lines } from './pickTask.ts';

export function statusTool(desk: TaskDesk): Tool<Record<string, never>> {
  return {
    name: 'check_task_status',
    description:
      "Lists the user's background tasks with job id, description and status, and counts them in one sentence.",
    input: z.object({}),
    sideEffect: false,
    timeoutMs: 10_000,
    filler: 'I am checking.',
    async run(_input, { owner }) {
      const tasks = await desk.list(owner);
      if (tasks.length === 0) return 'No tasks found.';
      const count = tasks.length > 1 ? `\nIn short: ${inShort(tasks)}.` : '';
      return `Tasks:\n${lines(tasks)}${count}`;
    },
  };
}

const SPOKEN: readonly (readonly [TaskStatus, one: string, many: string])[] = [
  ['processing', 'is running', 'are running'],
  ['completed', 'is ready', 'are ready'],
  ['failed', 'has failed', 'have failed'],
  ['expired', 'has expired', 'have expired'],
  ['cancelled', 'was cancelled', 'were cancelled'],
];
const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "two are running, one is ready" */
function inShort(tasks: readonly Task[]): string {
  return SPOKEN.flatMap(([status, one, many]) => {
    const count = tasks.filter((task) => task.status === status).length;
    return count === 0 ? [] : [`${NUMBERS[count] ?? count} ${count === 1 ? one : many}`];
  }).join(', ');
}
