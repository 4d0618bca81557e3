import type { Task, TaskRecord } from './taskRecord.ts';

/** Where tasks are kept. Every write is durable before its promise resolves. Rejects with `VA_STORE`. */
export interface TaskStore {
  all(): Promise<readonly Task[]>;
  get(jobId: string): Promise<Task | undefined>;
  put(task: Task): Promise<void>;
  /** Atomic read-modify-write; `change` returns the fields that become different. Resolves with the new task. */
  update(jobId: string, change: (task: Task) => Partial<TaskRecord>): Promise<Task | undefined>;
  /** Atomically puts `task` in the place of the entry `jobId`: an intent becomes the job that came of it. */
  replace(jobId: string, task: Task): Promise<void>;
  remove(jobId: string): Promise<void>;
}
