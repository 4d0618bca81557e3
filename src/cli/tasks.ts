import Table from 'cli-table3';
import type { Task } from '../tasks/taskRecord.ts';
import { taskNamed, withTasks } from './openTasks.ts';

/** `voice-agent tasks list`: one line a task, oldest first. */
export async function listTasks(): Promise<void> {
  const tasks = await withTasks(({ store }) => store.all());
  if (tasks.length === 0) {
    process.stdout.write('No tasks yet.\n');
    return;
  }
  const table = new Table({ head: ['job id', 'status', 'created', 'description'] });
  for (const task of [...tasks].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
    table.push([task.jobId, statusOf(task), task.createdAt, task.description]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

/** `voice-agent tasks show <job id>`: what is known of a task, and its whole result. `markdown`: the result and nothing else. */
export async function showTask(jobId: string, { markdown }: { markdown: boolean }): Promise<void> {
  const task = await withTasks(({ store }) => taskNamed(store, jobId));
  const result = task.result ?? 'No result yet.';
  if (markdown) {
    // Ready to be written into a file: what is no document goes elsewhere.
    const stream = task.status === 'completed' ? process.stdout : process.stderr;
    stream.write(result.endsWith('\n') ? result : `${result}\n`);
    return;
  }
  const lines = [
    task.description,
    `job id   ${task.jobId}`,
    `status   ${statusOf(task)}`,
    ...(task.owner === '' ? [] : [`owner    ${task.owner}`]),
    `created  ${task.createdAt}`,
    ...(task.finishedAt ? [`finished ${task.finishedAt}`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n\n${result}\n`);
}

function statusOf({ status, notice }: Task): string {
  return notice === 'pending' || notice === 'speaking' ? `${status}, not told yet` : status;
}
