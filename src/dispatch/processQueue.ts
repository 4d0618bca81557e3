import { setMaxListeners } from 'node:events';
import type { RoomLog } from '../room/roomLog.ts';
import type { Clock } from '../time/clock.ts';
import type { RoomJob } from './callJob.ts';
import type { JobQueue, RunJob } from './jobQueue.ts';
import { retryDelay } from './retryLater.ts';

type Entry =
  | { readonly status: 'waiting'; readonly job: RoomJob; readonly failures: number }
  | { readonly status: 'running' }
  | { readonly status: 'delayed'; readonly cancel: () => void };

/** The queue of one process. What waits is lost with it: the reconciler of the next process finds those rooms. */
export function createProcessQueue(options: { readonly clock: Clock; readonly log: RoomLog }): JobQueue {
  return new ProcessQueue(options.clock, options.log);
}

class ProcessQueue implements JobQueue {
  readonly #clock: Clock;
  readonly #log: RoomLog;
  /** By room SID, in the order of arrival. */
  readonly #entries = new Map<string, Entry>();
  readonly #runs = new Set<Promise<void>>();
  readonly #draining = new AbortController();
  #consumer: { readonly run: RunJob; readonly capacity: number } | undefined;

  constructor(clock: Clock, log: RoomLog) {
    this.#clock = clock;
    this.#log = log;
    // Each running job may listen to it.
    setMaxListeners(0, this.#draining.signal);
  }

  async add(job: RoomJob): Promise<void> {
    if (this.#entries.has(job.roomSid) || this.#draining.signal.aborted) return;
    this.#entries.set(job.roomSid, { status: 'waiting', job, failures: 0 });
    this.#fill();
  }

  async held(roomSids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(roomSids.filter((sid) => this.#entries.has(sid)));
  }

  start(run: RunJob, capacity: number): void {
    this.#consumer = { run, capacity };
    this.#fill();
  }

  async drain(): Promise<void> {
    this.#draining.abort();
    for (const [sid, entry] of this.#entries) {
      if (entry.status === 'delayed') entry.cancel();
      if (entry.status !== 'running') this.#entries.delete(sid);
    }
  }

  async close(): Promise<void> {
    await this.drain();
    await Promise.all(this.#runs);
  }

  #fill(): void {
    if (this.#consumer === undefined || this.#draining.signal.aborted) return;
    const { run, capacity } = this.#consumer;
    for (const entry of this.#entries.values()) {
      if (this.#runs.size >= capacity) return;
      if (entry.status !== 'waiting') continue;
      const running = this.#run(run, entry.job, entry.failures).finally(() => {
        this.#runs.delete(running);
        this.#fill();
      });
      this.#runs.add(running);
    }
  }

  async #run(run: RunJob, job: RoomJob, failures: number): Promise<void> {
    const sid = job.roomSid;
    this.#entries.set(sid, { status: 'running' });
    try {
      await run(job, { signal: this.#draining.signal, attempt: failures + 1 });
      this.#entries.delete(sid);
    } catch (error) {
      this.#failed(job, failures + 1, error);
    }
  }

  #failed(job: RoomJob, failures: number, error: unknown): void {
    this.#entries.delete(job.roomSid);
    if (this.#draining.signal.aborted) return;
    this.#log.debug('a job failed and is run again later', { room: job.room, failures, error });
    const cancel = this.#clock.setTimer(retryDelay(failures, error), () => {
      this.#entries.set(job.roomSid, { status: 'waiting', job, failures });
      this.#fill();
    });
    this.#entries.set(job.roomSid, { status: 'delayed', cancel });
  }
}
