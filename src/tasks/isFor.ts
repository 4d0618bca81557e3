import type { Task } from './taskRecord.ts';

/** Tasks without an owner (written by older programs) are everybody's. */
export function isFor(task: Task, owner: string): boolean {
  return task.owner === owner || task.owner === '';
}
