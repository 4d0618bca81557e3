import { randomUUID } from 'node:crypto';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import type { BatchApi } from './batchApi.ts';
import { recoverIntent } from './recoverIntent.ts';
import { requestKey } from './sameRequest.ts';
import { createTaskPoller } from './taskPoller.ts';
import type { Task } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

export interface TaskDeskOptions {
  readonly api: BatchApi;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two looks at a job; default 10,000. */
  readonly pollIntervalMs?: number;
  /** Milliseconds in which the same task is not submitted twice; default 60,000. */
  readonly sameTaskMs?: number;
  /** Calendar time, for what is written down; default the machine's. */
  readonly today?: () => Date;
}

export interface Submission {
  readonly task: Task;
  /** True when the same task was already submitted a moment ago and nothing new was started. */
  readonly duplicate: boolean;
}

/** All batch tasks of the process, for all its calls. */
export interface TaskDesk {
  /** Resolves when the vendor has the job; goes on by itself however the caller fares. Rejects with `VA_BATCH_…`. */
  submit(owner: string, description: string, prompt: string): Promise<Submission>;
  /** Oldest first; with an owner, only that owner's and those of nobody. */
  list(owner?: string): Promise<readonly Task[]>;
  get(jobId: string): Promise<Task | undefined>;
  /** Told once per task that ends while the desk runs. The returned function takes the listener away. */
  onFinished(listener: (task: Task) => void): () => void;
  /** Ended tasks of which the owner has not heard, oldest first. */
  pendingNotices(owner: string): Promise<readonly Task[]>;
  markHeard(jobId: string): Promise<void>;
  /** Takes up the jobs that an earlier process left running. */
  start(): Promise<void>;
  /** Stops watching; jobs stay at the vendor and in the store. */
  stop(): Promise<void>;
}

interface Recent {
  readonly at: number;
  readonly submitting: Promise<Task>;
}

export function createTaskDesk(options: TaskDeskOptions): TaskDesk {
  const { api, store, clock, log } = options;
  const today = options.today ?? (() => new Date());
  const sameTaskMs = options.sameTaskMs ?? 60_000;
  const stopping = new AbortController();
  const listeners = new Set<(task: Task) => void>();
  const recents = new Map<string, Recent>();
  /** Own ids of submissions whose end is unknown: a retry looks for them before it submits again. */
  const unclear = new Map<string, string>();
  const underWay = new Set<Promise<unknown>>();

  const tell = (task: Task) => {
    for (const listener of listeners) {
      try {
        listener(task);
      } catch (error) {
        log.error(`A listener failed on the end of task ${task.jobId}.`, { error });
      }
    }
  };

  const poller = createTaskPoller({
    api,
    store,
    clock,
    log,
    today,
    pollIntervalMs: options.pollIntervalMs ?? 10_000,
    onFinished: tell,
  });

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    const done = () => underWay.delete(work);
    work.then(done, done);
    return work;
  };

  const forgetOld = () => {
    for (const [key, recent] of recents) {
      if (clock.now() - recent.at >= sameTaskMs) recents.delete(key);
    }
  };

  const adopt = async (intent: Task, jobId: string): Promise<Task> => {
    const task = { ...intent, jobId };
    await store.replace(intent.jobId, task);
    poller.watch(task);
    return task;
  };

  const place = async (key: string, owner: string, description: string, prompt: string): Promise<Task> => {
    const earlier = unclear.get(key);
    const taskId = earlier ?? `task-${randomUUID()}`;
    const intent: Task = {
      jobId: taskId,
      description,
      status: 'processing',
      result: null,
      taskId,
      prompt,
      owner,
      createdAt: today().toISOString(),
      notice: 'none',
    };
    await store.put(intent);
    try {
      const found = earlier === undefined ? undefined : await api.find(taskId, stopping.signal);
      const { jobId } = found ?? (await api.submit({ taskId, prompt }, stopping.signal));
      const task = await adopt(intent, jobId);
      unclear.delete(key);
      return task;
    } catch (error) {
      // When the process stops in the middle, the intent stays: the next start looks for the job.
      if (stopping.signal.aborted) throw error;
      const certain = error instanceof VoiceAgentError && !error.retryable && error.code !== 'VA_STORE';
      if (certain) unclear.delete(key);
      else unclear.set(key, taskId);
      await store
        .remove(taskId)
        .catch((cause) => log.error('A task that was not submitted stayed in the store.', { error: cause }));
      throw error;
    }
  };

  return {
    async submit(owner, description, prompt) {
      const key = requestKey(owner, description, prompt);
      for (let recent = recents.get(key); recent; recent = recents.get(key)) {
        if (clock.now() - recent.at >= sameTaskMs) break;
        const { jobId } = await recent.submitting;
        const task = await store.get(jobId);
        if (task?.status === 'processing' || task?.status === 'completed') return { task, duplicate: true };
        // It failed since: trying again is what the user wants.
        if (recents.get(key) === recent) recents.delete(key);
      }
      forgetOld();
      const submitting = track(place(key, owner, description, prompt));
      const recent = { at: clock.now(), submitting };
      recents.set(key, recent);
      submitting.catch(() => {
        if (recents.get(key) === recent) recents.delete(key);
      });
      return { task: await submitting, duplicate: false };
    },

    async list(owner) {
      const tasks = await store.all();
      return tasks.filter((task) => owner === undefined || isFor(task, owner)).sort(byAge);
    },

    get: (jobId) => store.get(jobId),

    onFinished(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async pendingNotices(owner) {
      const tasks = await store.all();
      return tasks.filter((task) => task.notice === 'pending' && isFor(task, owner)).sort(byAge);
    },

    async markHeard(jobId) {
      await store.update(jobId, () => ({ notice: 'heard' }));
    },

    async start() {
      poller.start();
      for (const task of await store.all()) {
        if (task.status !== 'processing') continue;
        if (task.jobId !== task.taskId) {
          poller.watch(task);
          continue;
        }
        const recovery = recoverIntent(task, { api, store, clock, log, today, adopt, tell }, stopping.signal);
        track(recovery).catch((error) => log.error(`Task ${task.taskId} could not be recovered.`, { error }));
      }
    },

    async stop() {
      stopping.abort();
      await poller.stop();
      await Promise.allSettled(underWay);
    },
  };
}

/** Tasks without an owner (written by older programs) are everybody's. */
function isFor(task: Task, owner: string): boolean {
  return task.owner === owner || task.owner === '';
}

function byAge(a: Task, b: Task): number {
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0;
}
