import type { RoomJob } from './callJob.ts';

export interface RunContext {
  /** Aborts when no new call may begin any more; a running one goes on. */
  readonly signal: AbortSignal;
  /** From 1; higher when an earlier run of this job failed, or was lost with its machine. */
  readonly attempt: number;
  /** An earlier run ended with its machine, in the middle of a call for all that is known. */
  readonly wasLost?: boolean;
}

/** Runs a job to its end: as long as the call lasts. A rejection means: run it again, later each time. */
export type RunJob = (job: RoomJob, context: RunContext) => Promise<void>;

/**
 * Rooms that are to get an agent. A session of a room has one job at a time, from `add` until its run has succeeded: for
 * that long another `add` changes nothing, which is what keeps two agents out of one room. Held by one process, or by
 * Redis for any number of them; there, a job whose process dies is run again by another.
 */
export interface JobQueue {
  /** Rejects with `VA_QUEUE` when the job could not be handed over. */
  add(job: RoomJob): Promise<void>;
  /** Which of these sessions of rooms have a job, waiting or running. */
  held(roomSids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Begins to run jobs, at most `capacity` at a time. Once. */
  start(run: RunJob, capacity: number): void;
  /** No further job begins here; running ones go on. Idempotent. */
  drain(): Promise<void>;
  /** Drains, waits for the running jobs, lets go of connections. */
  close(): Promise<void>;
}
