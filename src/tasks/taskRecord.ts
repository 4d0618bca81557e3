/** `processing` while the vendor works; every other value is final. The words are those of `tasks_results.json`. */
export type TaskStatus = 'processing' | 'completed' | 'failed' | 'expired' | 'cancelled';

/**
 * How far the owner has been told of the end. `none`: there is no end yet. `speaking`: a call is about to tell it, and
 * nobody else may, until its claim runs out. `heard`: told to its key words; it never has to be told again.
 */
export type NoticeStatus = 'none' | 'pending' | 'speaking' | 'heard';

/** Who deals with a task just now: hands it to the vendor, or tells its end. */
export interface Claim {
  /** Process and call, as the process names itself. */
  readonly by: string;
  /** ISO 8601, UTC: a holder that has not said by then that it still lives has lost the claim. */
  readonly until: string;
}

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
  readonly notice: NoticeStatus;
  readonly claim?: Claim | undefined;
}

export interface Task extends TaskRecord {
  readonly jobId: string;
}
