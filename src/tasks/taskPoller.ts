import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import type { BatchApi, BatchSnapshot } from './batchApi.ts';
import { finishTask } from './finishTask.ts';
import type { Task, TaskStatus } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

export interface TaskPollerOptions {
  readonly api: BatchApi;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly today: () => Date;
  readonly pollIntervalMs: number;
  onFinished(task: Task): void;
  /** Milliseconds after the end of the vendor's window at which a task counts as expired; default 15 minutes. */
  readonly marginMs?: number;
  /** Jobs asked for at the same time; default 4. */
  readonly atOnce?: number;
  /** From 0 to 1, for the jitter of waits after errors. */
  readonly random?: () => number;
}

export interface TaskPoller {
  /** The first look comes after one interval. */
  watch(task: Task): void;
  start(): void;
  /** Resolves when no look is under way any more. */
  stop(): Promise<void>;
}

interface Watch {
  readonly task: Task;
  nextAt: number;
  failures: number;
  lastError: string | undefined;
  looking: Promise<void> | undefined;
}

type Ending = { readonly status: Exclude<TaskStatus, 'processing'>; readonly result: string };

const LONGEST_WAIT_MS = 300_000;
const LONGEST_WINDOW_MS = 24 * 3_600_000;

/** One loop for all running jobs of the process: no timer while there is nothing to watch. */
export function createTaskPoller(options: TaskPollerOptions): TaskPoller {
  const { api, store, clock, log, today, pollIntervalMs } = options;
  const atOnce = options.atOnce ?? 4;
  const marginMs = options.marginMs ?? 900_000;
  const random = options.random ?? Math.random;
  const stopping = new AbortController();
  const watches = new Map<string, Watch>();
  let started = false;
  let cancelTimer = () => {};

  const schedule = () => {
    cancelTimer();
    if (!started || stopping.signal.aborted) return;
    const all = [...watches.values()];
    const idle = all.filter((watch) => !watch.looking);
    if (idle.length === 0 || all.length - idle.length >= atOnce) return;
    const next = Math.min(...idle.map((watch) => watch.nextAt));
    cancelTimer = clock.setTimer(Math.max(0, next - clock.now()), lookAtDue);
  };

  const lookAtDue = () => {
    let free = atOnce - [...watches.values()].filter((watch) => watch.looking).length;
    for (const watch of [...watches.values()].sort((a, b) => a.nextAt - b.nextAt)) {
      if (free === 0 || watch.nextAt > clock.now()) break;
      if (watch.looking) continue;
      free--;
      watch.looking = look(watch).finally(() => {
        watch.looking = undefined;
        schedule();
      });
    }
    schedule();
  };

  const look = async (watch: Watch): Promise<void> => {
    const { task } = watch;
    try {
      const snapshot = await api.retrieve(task.jobId, stopping.signal);
      log.info(`[POLL] ${nameOf(task)} ${snapshot.vendorStatus} (${ageSeconds(task)} s)`);
      watch.failures = 0;
      watch.lastError = undefined;
      const ending = await endingOf(task, snapshot);
      if (ending) return await end(task, ending);
      watch.nextAt = clock.now() + pollIntervalMs;
    } catch (error) {
      if (stopping.signal.aborted) return;
      await stumble(watch, error);
    }
  };

  const end = async (task: Task, { status, result }: Ending) => {
    const finished = await finishTask(store, task.jobId, status, result, today());
    watches.delete(task.jobId);
    if (!finished) return;
    const why = status === 'completed' ? `${result.length} characters` : result;
    log.info(`[POLL] ${nameOf(task)} has ${status}: ${why}`);
    options.onFinished(finished);
  };

  /** Keeps trying, ever more slowly; each different error is logged once. */
  const stumble = async (watch: Watch, error: unknown) => {
    watch.failures++;
    const wait = Math.min(pollIntervalMs * 2 ** watch.failures, LONGEST_WAIT_MS) * (0.75 + random() / 2);
    watch.nextAt = clock.now() + wait;
    const message = error instanceof Error ? error.message : String(error);
    if (message !== watch.lastError) {
      log.warn(
        `[POLL] ${nameOf(watch.task)} could not be looked at: ${message} Trying again, ever more slowly.`,
      );
    }
    watch.lastError = message;
    // Unreachable for a day after the longest window: the task ends here, so that its owner is told.
    if (ageMs(watch.task) < 2 * LONGEST_WINDOW_MS) return;
    const result = 'The batch service could not be reached until long after its deadline.';
    await end(watch.task, { status: 'expired', result }).catch((cause) =>
      log.error('[POLL] the end of a task could not be stored.', { error: cause }),
    );
  };

  const endingOf = async (task: Task, snapshot: BatchSnapshot): Promise<Ending | undefined> => {
    switch (snapshot.status) {
      case 'completed': {
        const result = await api.result(snapshot, stopping.signal);
        return result.ok
          ? { status: 'completed', result: result.text }
          : { status: 'failed', result: result.reason };
      }
      case 'failed':
        return { status: 'failed', result: await reasonOf(snapshot) };
      case 'gone':
        return { status: 'failed', result: 'The batch service no longer knows this task.' };
      case 'cancelled':
        return { status: 'cancelled', result: 'The task was cancelled.' };
      case 'expired':
        return { status: 'expired', result: 'The batch service did not finish the task in time.' };
      case 'running': {
        // The vendor never says that a batch has expired, so the deadline is ours.
        const deadline = snapshot.expiresAt ?? Date.parse(task.createdAt) + LONGEST_WINDOW_MS;
        if (!(today().getTime() > deadline + marginMs)) return undefined;
        return { status: 'expired', result: 'The batch service did not finish the task in time.' };
      }
    }
  };

  const reasonOf = async (snapshot: BatchSnapshot): Promise<string> => {
    const unknown = 'The batch service did not say why.';
    try {
      const result = await api.result(snapshot, stopping.signal);
      return result.ok ? unknown : result.reason;
    } catch (error) {
      if (stopping.signal.aborted) throw error;
      return unknown;
    }
  };

  const ageMs = (task: Task) => today().getTime() - Date.parse(task.createdAt);
  const ageSeconds = (task: Task) => Math.round(ageMs(task) / 1000);

  return {
    watch(task) {
      if (watches.has(task.jobId)) return;
      const nextAt = clock.now() + pollIntervalMs;
      watches.set(task.jobId, { task, nextAt, failures: 0, lastError: undefined, looking: undefined });
      schedule();
    },
    start() {
      started = true;
      schedule();
    },
    async stop() {
      stopping.abort();
      cancelTimer();
      await Promise.all([...watches.values()].map((watch) => watch.looking));
    },
  };
}

function nameOf(task: Task): string {
  return `${task.jobId} "${task.description}"`;
}
