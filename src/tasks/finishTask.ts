import type { Task, TaskStatus } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

/** Writes a task's end down; resolves with the task only when this call ended it, so that one end is told once. */
export async function finishTask(
  store: TaskStore,
  jobId: string,
  status: Exclude<TaskStatus, 'processing'>,
  result: string,
  at: Date,
): Promise<Task | undefined> {
  let ended = false;
  const task = await store.update(jobId, (current) => {
    ended = current.status === 'processing';
    return ended ? { status, result, finishedAt: at.toISOString(), notice: 'pending', claim: undefined } : {};
  });
  return ended ? task : undefined;
}
