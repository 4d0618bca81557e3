import { findTask } from '../findTask.ts';
import type { TaskDesk } from '../taskDesk.ts';
import type { Task } from '../taskRecord.ts';

/** The task that a tool is to work on, or what the model is told when that is not certain. */
export type Picked = { readonly task: Task } | { readonly answer: string };

/** Finds a task of the owner by its job id or by what it is called; several that fit are for the caller to choose from. */
export async function pickTask(
  desk: TaskDesk,
  owner: string,
  wanted: string,
  /** Which tasks are meant when the name alone does not say; of others it is said what they are. */
  preferred: (task: Task) => boolean = () => true,
): Promise<Picked> {
  const tasks = await desk.list(owner);
  const likely = findTask(tasks.filter(preferred), wanted);
  const match = likely.kind === 'none' ? findTask(tasks, wanted) : likely;
  switch (match.kind) {
    case 'one':
      return { task: match.task };
    case 'none':
      return {
        answer:
          tasks.length === 0
            ? `No task found with job ID: ${wanted}`
            : `No task found with job ID: ${wanted}. The tasks are:\n${lines(tasks)}`,
      };
    case 'several':
      return {
        answer: `Nothing was done: '${wanted}' may mean several tasks. Ask the caller which one:\n${lines(match.tasks)}`,
      };
  }
}

/** The newest are the likeliest to be asked for. */
const MOST = 20;

/** One line a task, as `check_task_status` lists them. */
export function lines(tasks: readonly Task[]): string {
  return tasks
    .slice(-MOST)
    .map((task) => `Job ${task.jobId}: ${task.description} - ${task.status}`)
    .join('\n');
}
