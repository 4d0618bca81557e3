import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import type { BatchApi } from './batchApi.ts';
import { type Cancellation, cancelTask } from './cancelTask.ts';
import { createDeliveries } from './deliveries.ts';
import { isFor } from './isFor.ts';
import { isClaimed } from './lease.ts';
import { recoverIntent } from './recoverIntent.ts';
import { type Submission, Submissions } from './submissions.ts';
import { createTaskPoller } from './taskPoller.ts';
import type { Task } from './taskRecord.ts';
import { createTaskRetention } from './taskRetention.ts';
import type { TaskStore } from './taskStore.ts';

export type { Submission };

export interface TaskDeskOptions {
  readonly api: BatchApi;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two looks at a job; default 10,000. */
  readonly pollIntervalMs?: number;
  /** Milliseconds in which the same task is not submitted twice; default 60,000. */
  readonly sameTaskMs?: number;
  /**
   * Milliseconds for which a process that says nothing any more keeps what it was about to do, a submission or the telling of
   * an end; default 30,000.
   */
  readonly leaseMs?: number;
  /** Milliseconds between two looks for what other processes have ended; default 1,000. */
  readonly lookMs?: number;
  /** Days after which an ended task is removed; default 0, never. */
  readonly keepDays?: number;
  /** Calendar time, for what is written down; default the machine's. */
  readonly today?: () => Date;
}

/** All batch tasks of the process, for all its calls. Any number of processes may share a store. */
export interface TaskDesk {
  /** Resolves when the vendor has the job; goes on by itself however the caller fares. Rejects with `VA_BATCH_…`. */
  submit(owner: string, description: string, prompt: string): Promise<Submission>;
  /** Oldest first; with an owner, only that owner's and those of nobody. */
  list(owner?: string): Promise<readonly Task[]>;
  /** Cancels at the vendor; undefined when there is no such task. Rejects with `VA_BATCH_…`. */
  cancel(jobId: string): Promise<Cancellation | undefined>;
  /** Told of each task that this desk has brought to the vendor. The returned function takes the listener away. */
  onRunning(listener: (task: Task) => void): () => void;
  /**
   * Calls back for each end that this call, and no other one of any process, is to tell the owner, now and later. What is not
   * marked as heard goes back into the ledger when the returned function is called.
   */
  follow(owner: string, listener: (task: Task) => void): () => void;
  /** To be called in the very moment in which the key words of the notice were heard. */
  markHeard(jobId: string): Promise<void>;
  /** Takes up what an earlier process left: jobs that run, and submissions that it did not finish. */
  start(): Promise<void>;
  /** Stops watching; jobs stay at the vendor and in the store. */
  stop(): Promise<void>;
}

export function createTaskDesk(options: TaskDeskOptions): TaskDesk {
  const { api, store, clock, log } = options;
  const today = options.today ?? (() => new Date());
  const name = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const world = { api, store, clock, log, today, name, leaseMs: options.leaseMs ?? 30_000 };
  const stopping = new AbortController();
  // One listener for each request under way is no leak.
  setMaxListeners(0, stopping.signal);
  const runningListeners = new Set<(task: Task) => void>();
  const recovering = new Set<string>();
  const underWay = new Set<Promise<unknown>>();

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    const done = () => underWay.delete(work);
    work.then(done, done);
    return work;
  };

  const adopt = async ({ claim: _done, ...intent }: Task, jobId: string): Promise<Task> => {
    const task = { ...intent, jobId };
    // Before it is written down: if it cannot be, the poller has it found again.
    poller.wake(task);
    await store.replace(intent.jobId, task);
    for (const listener of runningListeners) {
      try {
        listener(task);
      } catch (error) {
        log.error(`A listener failed on task ${jobId}.`, { error });
      }
    }
    return task;
  };

  const lookForEnds = () => deliveries.look();

  const recover = (intent: Task) => {
    if (recovering.has(intent.taskId) || stopping.signal.aborted) return;
    recovering.add(intent.taskId);
    track(recoverIntent(intent, name, { ...world, adopt, onEnded: lookForEnds }, stopping.signal))
      .catch((error) => log.error(`Task ${intent.taskId} could not be recovered.`, { error }))
      .finally(() => recovering.delete(intent.taskId));
  };

  /** What is at the vendor. Submissions that nobody goes on with are taken up on the way. */
  const running = async () => {
    const tasks = (await store.all()).filter(({ status }) => status === 'processing');
    const intents = tasks.filter(isIntent);
    for (const intent of intents) if (!isClaimed(intent, today())) recover(intent);
    return { jobs: tasks.filter((task) => !isIntent(task)), more: intents.length > 0 };
  };

  const deliveries = createDeliveries({
    ...world,
    ...(options.lookMs === undefined ? {} : { lookMs: options.lookMs }),
  });
  const retention = createTaskRetention({ ...world, keepDays: options.keepDays ?? 0 });
  const submissions = new Submissions({ ...world, adopt, sameTaskMs: options.sameTaskMs ?? 60_000 });
  const poller = createTaskPoller({
    ...world,
    pollIntervalMs: options.pollIntervalMs ?? 10_000,
    running,
    onFinished: lookForEnds,
  });

  return {
    submit: (owner, description, prompt) =>
      track(submissions.submit(owner, description, prompt, stopping.signal)),

    async list(owner) {
      const tasks = await store.all();
      return tasks.filter((task) => owner === undefined || isFor(task, owner)).sort(byAge);
    },

    cancel: (jobId) => track(cancelTask(jobId, { api, store, today }, stopping.signal)),

    onRunning(listener) {
      runningListeners.add(listener);
      return () => runningListeners.delete(listener);
    },

    follow(owner, listener) {
      // Nobody may be asking the vendor just now: the process that did may have died.
      poller.wake();
      return deliveries.follow(owner, listener);
    },

    markHeard: (jobId) => deliveries.heard(jobId),

    async start() {
      await running();
      poller.start();
      retention.start();
    },

    async stop() {
      stopping.abort();
      await poller.stop();
      await deliveries.stop();
      await retention.stop();
      await Promise.allSettled(underWay);
    },
  };
}

/** Not yet known to be at the vendor: it stands under our own id. */
function isIntent(task: Task): boolean {
  return task.jobId === task.taskId;
}

function byAge(a: Task, b: Task): number {
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0;
}
