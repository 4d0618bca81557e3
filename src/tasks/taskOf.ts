import { isRecord } from './isRecord.ts';
import type { Claim, Task, TaskStatus } from './taskRecord.ts';

const STATUSES = ['processing', 'completed', 'failed', 'expired', 'cancelled'] as const;

/**
 * A stored entry as a task; undefined when it is none. Entries of the original app have only description,
 * status and result; their ends were announced when they came.
 */
export function taskOf(jobId: string, entry: unknown, fallbackTime: Date): Task | undefined {
  if (!isRecord(entry)) return undefined;
  const status = STATUSES.find((known) => known === entry.status);
  if (!status) return undefined;
  return {
    jobId,
    description: text(entry.description),
    status,
    result: typeof entry.result === 'string' ? entry.result : null,
    taskId: text(entry.taskId),
    prompt: text(entry.prompt),
    owner: text(entry.owner),
    createdAt: typeof entry.createdAt === 'string' ? entry.createdAt : fallbackTime.toISOString(),
    ...(typeof entry.finishedAt === 'string' ? { finishedAt: entry.finishedAt } : {}),
    notice: noticeOf(entry.notice, status),
    ...claimOf(entry.claim),
  };
}

function claimOf(claim: unknown): { readonly claim?: Claim } {
  if (!isRecord(claim) || typeof claim.by !== 'string' || typeof claim.until !== 'string') return {};
  return { claim: { by: claim.by, until: claim.until } };
}

function noticeOf(notice: unknown, status: TaskStatus): Task['notice'] {
  if (notice === 'none' || notice === 'pending' || notice === 'speaking' || notice === 'heard') return notice;
  return status === 'processing' ? 'none' : 'heard';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
