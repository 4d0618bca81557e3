/** `processing` while the vendor works; every other value is final. The words are those of `tasks_results.json`. */
export type TaskStatus = 'processing' | 'completed' | 'failed' | 'expired' | 'cancelled';

/** One entry of `tasks_results.json`, keyed by job id. The first three fields are the file's original shape. */
export interface TaskRecord {
  readonly description: string;
  readonly status: TaskStatus;
  /** The whole text of a completed task, or what went wrong; null while it runs. */
  readonly result: string | null;
  /** Our own id, also in the batch's metadata. */
  readonly taskId: string;
  readonly prompt: string;
  /** Whose task it is: participant identity, or room name. */
  readonly owner: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly finishedAt?: string;
  /** Whether the owner has heard of the outcome. */
  readonly notice: 'none' | 'pending' | 'heard';
}

export interface Task extends TaskRecord {
  readonly jobId: string;
}
