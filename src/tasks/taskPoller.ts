import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import type { BatchApi, BatchSnapshot } from './batchApi.ts';
import { BatchBusyError } from './batchBusy.ts';
import { type Ending, endingOf, LONGEST_WINDOW_MS } from './endingOf.ts';
import { finishTask } from './finishTask.ts';
import { jobNews } from './jobNews.ts';
import type { Task } from './taskRecord.ts';
import type { Lead, TaskStore } from './taskStore.ts';

export interface TaskPollerOptions {
  readonly api: BatchApi;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly today: () => Date;
  readonly pollIntervalMs: number;
  /**
   * The jobs that the store says are at the vendor, of every process; `more`: others may soon be there, so that the store
   * is to be asked again after one interval even when there are none.
   */
  running(): Promise<{ readonly jobs: readonly Task[]; readonly more: boolean }>;
  onFinished(task: Task): void;
  /** Milliseconds after the end of the vendor's window at which a task counts as expired; default 15 minutes. */
  readonly marginMs?: number;
  /** Requests at the same time; default 4. */
  readonly atOnce?: number;
  /** From so many jobs on the vendor's list is asked before single jobs; default 4. */
  readonly listFrom?: number;
  /** Milliseconds between two looks into the store while nothing runs, for jobs of a process that died; default 60,000. */
  readonly idleMs?: number;
  /** From 0 to 1, for the jitter of waits. */
  readonly random?: () => number;
}

export interface TaskPoller {
  /** There may be something to look at: the next round is at most one interval away. `fresh`: a job that has just begun. */
  wake(fresh?: Task): void;
  start(): void;
  /** Resolves when no request is under way any more. */
  stop(): Promise<void>;
}

/** What is remembered of a job that could not be looked at. */
interface Trouble {
  readonly failures: number;
  /** Looks at which the vendor did not know it. */
  readonly gone: number;
  readonly nextAt: number;
  readonly error: string;
}

const LONGEST_WAIT_MS = 300_000;
/**
 * A job ends by what we cannot see of it only after so many looks, by default within some ten minutes: with the key of another
 * account or the address of another server every job looks like that, and there has to be time to put it right.
 */
const SURE_LOOKS = 6;
const UNKNOWN_JOB =
  'the batch service does not know it; are DOUBLEWORD_API_KEY and DOUBLEWORD_BASE_URL those that it was submitted with?';
const UNREACHABLE: Ending = {
  status: 'expired',
  result: 'The batch service could not be reached until long after its deadline.',
};

/**
 * One loop for all running jobs, of all processes on one store: who has the store's lead asks the vendor, in rounds that
 * never overlap. A round asks for the list where that is cheaper than job by job, and confirms what the list says has
 * changed: it is late with some states. Every end is written down by exactly one process, whoever leads.
 */
export function createTaskPoller(options: TaskPollerOptions): TaskPoller {
  const { api, store, clock, log, today, pollIntervalMs } = options;
  const { atOnce = 4, marginMs = 900_000, listFrom = 4, idleMs = 60_000, random = Math.random } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const troubles = new Map<string, Trouble>();
  /** When jobs of ours were begun that are too new to be looked at. */
  const begun = new Map<string, number>();
  let started = false;
  let lead: Lead | undefined;
  let nextAt = Number.POSITIVE_INFINITY;
  let cancelTimer = () => {};
  let round: Promise<void> | undefined;
  /** Rounds in a row that failed as a whole, and how. */
  let failures = 0;
  let lastError = '';
  /** The vendor wants no request before. */
  let pausedUntil = Number.NEGATIVE_INFINITY;

  const jittered = (ms: number) => ms * (1 - random() / 10);
  const afterFailures = (count: number) =>
    Math.min(pollIntervalMs * 2 ** count, LONGEST_WAIT_MS) * (1 - random() / 4);

  const schedule = (at: number) => {
    nextAt = at;
    cancelTimer();
    if (!started || signal.aborted || round) return;
    cancelTimer = clock.setTimer(Math.max(0, at - clock.now()), () => {
      round = runRound().then((wait) => {
        round = undefined;
        schedule(clock.now() + wait);
      });
    });
  };

  /** Resolves with the wait until the next one; never rejects. */
  const runRound = async (): Promise<number> => {
    try {
      for (const [jobId, at] of begun) if (clock.now() - at >= pollIntervalMs / 2) begun.delete(jobId);
      const { jobs: tasks, more } = await options.running();
      for (const jobId of troubles.keys()) {
        if (!tasks.some((task) => task.jobId === jobId)) troubles.delete(jobId);
      }
      if (tasks.length === 0) {
        await letGo();
        return more ? jittered(pollIntervalMs) : idleMs;
      }
      if (lead?.held() !== true) lead = await store.lead();
      if (lead && pausedUntil <= clock.now()) await lookAt(tasks.filter(isDue));
      failures = 0;
      lastError = '';
      return Math.max(jittered(pollIntervalMs), pausedUntil - clock.now());
    } catch (error) {
      if (signal.aborted) return 0;
      failures++;
      const message = messageOf(error);
      if (message !== lastError)
        log.warn(`[POLL] nothing can be looked at: ${message} Trying again, ever more slowly.`);
      lastError = message;
      heedPause(error);
      return Math.max(afterFailures(failures), pausedUntil - clock.now());
    }
  };

  /** New jobs are left alone for a while; those in trouble longer. */
  const isDue = (task: Task) =>
    !begun.has(task.jobId) && (troubles.get(task.jobId)?.nextAt ?? Number.NEGATIVE_INFINITY) <= clock.now();

  const lookAt = async (tasks: readonly Task[]): Promise<void> => {
    const listed = tasks.length >= listFrom ? await listOf(tasks) : undefined;
    const waiting = [...tasks];
    const look = async () => {
      for (let task = waiting.shift(); task && !signal.aborted; task = waiting.shift()) {
        if (pausedUntil > clock.now()) return;
        await lookAtOne(task, listed?.get(task.jobId));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, look));
    if (listed && !signal.aborted) log.info(jobNews(tasks, listed));
  };

  /** What the list says of jobs that plainly run; the others have to be asked for one by one. */
  const listOf = async (tasks: readonly Task[]): Promise<ReadonlyMap<string, BatchSnapshot>> => {
    // As many again, for ours that have ended and are newer.
    const listed = await api.list(2 * tasks.length, signal);
    const running = listed.filter(
      ({ status, vendorStatus }) => status === 'running' && vendorStatus !== 'finalizing',
    );
    return new Map(running.map((snapshot) => [snapshot.jobId, snapshot]));
  };

  const lookAtOne = async (task: Task, known: BatchSnapshot | undefined): Promise<void> => {
    try {
      const snapshot = known ?? (await api.retrieve(task.jobId, signal));
      if (!known) log.info(`[POLL] ${nameOf(task)} ${snapshot.vendorStatus} (${ageSeconds(task)} s)`);
      const gone = snapshot.status === 'gone' ? (troubles.get(task.jobId)?.gone ?? 0) + 1 : 0;
      if (gone > 0 && gone < SURE_LOOKS) return await stumble(task, UNKNOWN_JOB, gone);
      const ending = await endingOf(task, snapshot, { api, now: today(), marginMs }, signal);
      if (ending) await end(task, ending);
      troubles.delete(task.jobId);
    } catch (error) {
      if (!signal.aborted) await stumble(task, error);
    }
  };

  const end = async (task: Task, { status, result }: Ending) => {
    const finished = await finishTask(store, task.jobId, status, result, today());
    if (!finished) return;
    const why = status === 'completed' ? `${result.length} characters` : result;
    log.info(`[POLL] ${nameOf(task)} has ${status}: ${why}`);
    options.onFinished(finished);
  };

  /** Keeps trying, ever more slowly; each different error is logged once. */
  const stumble = async (task: Task, error: unknown, gone?: number) => {
    const before = troubles.get(task.jobId);
    const count = (before?.failures ?? 0) + 1;
    const message = messageOf(error);
    heedPause(error);
    troubles.set(task.jobId, {
      failures: count,
      gone: gone ?? before?.gone ?? 0,
      nextAt: clock.now() + afterFailures(count),
      error: message,
    });
    if (message !== before?.error) {
      log.warn(`[POLL] ${nameOf(task)} could not be looked at: ${message} Trying again, ever more slowly.`);
    }
    // Unreachable for a day after the longest window: the task ends here, so that its owner is told.
    if (ageMs(task) < 2 * LONGEST_WINDOW_MS || count < SURE_LOOKS) return;
    await end(task, UNREACHABLE).catch((cause) =>
      log.error('[POLL] the end of a task could not be stored.', { error: cause }),
    );
  };

  const heedPause = (error: unknown) => {
    if (!(error instanceof BatchBusyError)) return;
    const ms = Math.min(error.retryAfterMs, LONGEST_WAIT_MS);
    pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    log.warn(`[POLL] the batch service wants no requests for ${Math.round(ms / 1000)} s.`);
  };

  const letGo = async () => {
    const held = lead;
    lead = undefined;
    await held?.release();
  };

  const ageMs = (task: Task) => today().getTime() - Date.parse(task.createdAt);
  const ageSeconds = (task: Task) => Math.round(ageMs(task) / 1000);

  return {
    wake(fresh) {
      if (fresh) begun.set(fresh.jobId, clock.now());
      const soon = clock.now() + pollIntervalMs;
      // A round that is under way decides by itself; it may have looked into the store too early.
      if (round) round = round.then(() => schedule(Math.min(nextAt, soon)));
      else schedule(Math.min(nextAt, soon));
    },
    start() {
      started = true;
      schedule(clock.now());
    },
    async stop() {
      stopping.abort();
      cancelTimer();
      await round;
      await letGo();
    },
  };
}

function nameOf(task: Task): string {
  return `${task.jobId} "${task.description}"`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
