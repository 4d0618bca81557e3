import { cancelTask } from '../tasks/cancelTask.ts';
import { taskNamed, withTasks } from './openTasks.ts';

/**
 * `voice-agent tasks cancel <job id>`: ends a task at the batch service; its owner is told. One that has ended is left as it
 * is.
 */
export async function cancelTaskById(wanted: string): Promise<void> {
  const line = await withTasks(async ({ store, api }) => {
    const { jobId, description } = await taskNamed(store, wanted);
    const done = await cancelTask(jobId, { api: api(), store, today: () => new Date(), notice: 'pending' });
    if (done?.cancelled) return `'${description}' was cancelled.`;
    const status = done?.task.status ?? 'gone';
    return status === 'processing'
      ? `'${description}' has just ended at the batch service: the agent is about to read its result.`
      : `'${description}' had already ${status}: nothing was changed.`;
  });
  process.stdout.write(`${line}\n`);
}
