import type { BatchApi, BatchSnapshot } from './batchApi.ts';
import type { Task, TaskStatus } from './taskRecord.ts';

export interface Ending {
  readonly status: Exclude<TaskStatus, 'processing'>;
  readonly result: string;
}

/** The vendor's longest window, ms. */
export const LONGEST_WINDOW_MS = 24 * 3_600_000;

/**
 * What has become of a task, with its result; undefined while it runs. The vendor never says that a batch has expired, so
 * the deadline is ours: `marginMs` after the end of its window. Rejects when a result cannot be read just now.
 */
export async function endingOf(
  task: Task,
  snapshot: BatchSnapshot,
  { api, now, marginMs }: { readonly api: BatchApi; readonly now: Date; readonly marginMs: number },
  signal: AbortSignal,
): Promise<Ending | undefined> {
  const late: Ending = {
    status: 'expired',
    result: 'The batch service did not finish the task in time.',
  };
  switch (snapshot.status) {
    case 'completed': {
      const result = await api.result(snapshot, signal);
      return result.ok
        ? { status: 'completed', result: result.text }
        : { status: 'failed', result: result.reason };
    }
    case 'failed':
      return { status: 'failed', result: await reasonOf(api, snapshot, signal) };
    case 'gone':
      return { status: 'failed', result: 'The batch service no longer knows this task.' };
    case 'cancelled':
      return { status: 'cancelled', result: 'The task was cancelled.' };
    case 'expired':
      return late;
    case 'running': {
      const deadline = snapshot.expiresAt ?? Date.parse(task.createdAt) + LONGEST_WINDOW_MS;
      return now.getTime() > deadline + marginMs ? late : undefined;
    }
  }
}

async function reasonOf(api: BatchApi, snapshot: BatchSnapshot, signal: AbortSignal): Promise<string> {
  const unknown = 'The batch service did not say why.';
  try {
    const result = await api.result(snapshot, signal);
    return result.ok ? unknown : result.reason;
  } catch (error) {
    if (signal.aborted) throw error;
    return unknown;
  }
}
