import { VoiceAgentError } from '../errors.ts';
import type { BatchApi } from './batchApi.ts';
import type { Task } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

export interface Cancellation {
  readonly task: Task;
  /** False: it had already ended, and stays as it is. */
  readonly cancelled: boolean;
}

/**
 * Cancels a task at the vendor and writes that down. An owner who asked for it is not told of it once more (`notice`). A task that has
 * ended is left alone: this vendor would turn even a completed batch into a cancelled one. Undefined: there is no such
 * task. Rejects with `VA_BATCH_…` or `VA_STORE`.
 */
export async function cancelTask(
  jobId: string,
  {
    api,
    store,
    today,
    notice = 'heard',
  }: { api: BatchApi; store: TaskStore; today: () => Date; notice?: 'heard' | 'pending' },
  signal?: AbortSignal,
): Promise<Cancellation | undefined> {
  const task = await store.get(jobId);
  if (!task) return undefined;
  if (task.status !== 'processing') return { task, cancelled: false };
  if (task.jobId === task.taskId) {
    throw new VoiceAgentError(
      'VA_BATCH_FAILED',
      'The task is just being handed to the batch service: try again in a moment.',
      { retryable: true },
    );
  }
  const { status } = await api.retrieve(jobId, signal);
  if (status !== 'running') return { task, cancelled: false };
  await api.cancel(jobId, signal);
  let cancelled = false;
  const ended = await store.update(jobId, (current) => {
    cancelled = current.status === 'processing' || current.status === 'cancelled';
    // The poller may have seen it first, and has nothing else to tell.
    if (current.status === 'cancelled' && current.notice === 'pending') return { notice };
    if (current.status !== 'processing') return {};
    return {
      status: 'cancelled',
      result: 'The task was cancelled.',
      finishedAt: today().toISOString(),
      notice,
    };
  });
  return { task: ended ?? task, cancelled };
}
