import type { Task, TaskRecord } from './taskRecord.ts';

/** Where tasks are kept. Every write is durable before its promise resolves. Rejects with `VA_STORE`. */
export interface TaskStore {
  all(): Promise<readonly Task[]>;
  get(jobId: string): Promise<Task | undefined>;
  put(task: Task): Promise<void>;
  /**
   * Atomic read-modify-write, between processes too; `change` returns the fields that become different, and may be asked
   * more than once. Nothing is written when it returns none. Resolves with the task as it is then.
   */
  update(jobId: string, change: (task: Task) => Partial<TaskRecord>): Promise<Task | undefined>;
  /** Atomically puts `task` in the place of the entry `jobId`: an intent becomes the job that came of it. */
  replace(jobId: string, task: Task): Promise<void>;
  remove(jobId: string): Promise<void>;
  /** Removes all tasks of which `isOver` is true, none that changes meanwhile; resolves with how many went. */
  prune(isOver: (task: Task) => boolean): Promise<number>;
  /**
   * The end of a task was heard. The fact has left this process when the call returns, before its promise resolves: a
   * process that is killed in between has told it all the same.
   */
  heard(jobId: string): Promise<void>;
  /** Some text that is another one after every change, whoever made it; cheap to ask for. */
  version(): Promise<string>;
  /**
   * Makes this process the one that asks the vendor for all; undefined while another one is. The lead of a process that
   * ended without a word passes on by itself.
   */
  lead(): Promise<Lead | undefined>;
  /** Lets go of what the store holds open; tasks stay. */
  close(): Promise<void>;
}

export interface Lead {
  /** False when it was lost: another process may lead by now. */
  held(): boolean;
  release(): Promise<void>;
}
