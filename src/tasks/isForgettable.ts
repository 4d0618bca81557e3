import { isClaimed } from './lease.ts';
import type { Task } from './taskRecord.ts';

/** Whether a task ended more than `keepMs` ago, heard of or not, and nobody is telling its owner just now. */
export function isForgettable(task: Task, now: Date, keepMs: number): boolean {
  if (task.status === 'processing' || isClaimed(task, now)) return false;
  return Date.parse(task.finishedAt ?? task.createdAt) < now.getTime() - keepMs;
}
