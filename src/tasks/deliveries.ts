import type { Logger } from '../telemetry/log.ts';
import { sleep } from '../time/sleep.ts';
import { isFor } from './isFor.ts';
import { isClaimed, keepClaim, type LeaseWorld, newClaim } from './lease.ts';
import type { Task } from './taskRecord.ts';

export interface DeliveriesOptions extends LeaseWorld {
  readonly log: Logger;
  /** Names this process among all that share the store. */
  readonly name: string;
  /** Milliseconds between two looks for what other processes have ended; default 1,000. */
  readonly lookMs?: number;
}

/**
 * The ledger of what owners have been told: pending → speaking → heard. A call that could tell of an end claims it first,
 * and only the holder of the claim tells; so two processes never both do. The claim is durable before the first sample. It
 * is given back when the call ends, and runs out when its process dies: then the end is pending again.
 *
 * An end counts as told from the moment in which its key words have been played. In that moment, and within the same turn
 * of the event loop, the fact leaves the process (`TaskStore.heard`), so that a process which dies later, in whatever it
 * writes, has told it. Sound and disk cannot be one transaction: what is left are the microseconds between the two, and
 * whatever the network still had to deliver. A death in them, or a power cut that takes what was not synced, errs on the
 * side of telling twice: a task that is never heard of is the greater harm.
 */
export interface Deliveries {
  /** Calls back, in order of age, for each end of the owner's that this call is to tell; returns how to stop that. */
  follow(owner: string, listener: (task: Task) => void): () => void;
  /** To be called in the very moment in which the key words were heard. */
  heard(jobId: string): Promise<void>;
  /** Something ended in this process: looks at once. */
  look(): void;
  /** Gives every claim back. */
  stop(): Promise<void>;
}

interface Follower {
  readonly owner: string;
  readonly by: string;
  readonly listener: (task: Task) => void;
  /** What this call holds, and how to let go of it. */
  readonly held: Map<string, () => void>;
}

/** What was heard in the last moment of a call may be known a little after its end, ms. */
const LAST_WORD_MS = 2_000;
const HEARD_AGAIN_MS = 1_000;
const HEARD_AGAIN_MOST_MS = 10_000;

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { store, clock, log, today } = options;
  const lookMs = options.lookMs ?? 1_000;
  const followers = new Set<Follower>();
  const leaving = new Map<Follower, () => void>();
  const underWay = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  let calls = 0;
  let seen: { readonly version: string; readonly ended: readonly Task[] } | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let lastError = '';
  let cancelTimer = () => {};

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    const done = () => underWay.delete(work);
    work.then(done, done);
    return work;
  };

  const look = (): void => {
    if (stopping.signal.aborted || followers.size === 0) return;
    if (looking) {
      again = true;
      return;
    }
    cancelTimer();
    looking = track(lookOnce()).finally(() => {
      looking = undefined;
      if (stopping.signal.aborted || followers.size === 0) return;
      if (again) {
        again = false;
        look();
      } else {
        cancelTimer = clock.setTimer(lookMs, look);
      }
    });
  };

  const lookOnce = async (): Promise<void> => {
    try {
      const version = await store.version();
      if (seen?.version !== version) {
        const tasks = await store.all();
        const ended = tasks.filter(({ notice }) => notice === 'pending' || notice === 'speaking');
        seen = { version, ended: ended.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)) };
      }
      for (const follower of [...followers]) await offer(follower, seen.ended);
      lastError = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lastError) log.warn(`Ended tasks cannot be looked for just now: ${message}`);
      lastError = message;
    }
  };

  const offer = async (follower: Follower, ended: readonly Task[]): Promise<void> => {
    const free = ended.filter(
      (task) =>
        isFor(task, follower.owner) && !follower.held.has(task.jobId) && !isTaken(task, follower, today()),
    );
    const claimed = await Promise.all(free.map((task) => claim(follower, task.jobId)));
    for (const task of claimed) {
      if (!task) continue;
      follower.held.set(task.jobId, keepClaim(options, task.jobId, follower.by));
      if (followers.has(follower)) tellTo(follower, task);
      // The call ended meanwhile, and its claims may have been given back already.
      else await release(follower);
    }
  };

  const claim = async (follower: Follower, jobId: string): Promise<Task | undefined> => {
    const { by } = follower;
    const task = await store.update(jobId, (current) => {
      const isEnd = current.notice === 'pending' || current.notice === 'speaking';
      if (!isEnd || isTaken(current, follower, today())) return {};
      return { notice: 'speaking', claim: newClaim(by, options) };
    });
    return task?.notice === 'speaking' && task.claim?.by === by ? task : undefined;
  };

  const tellTo = (follower: Follower, task: Task): void => {
    try {
      follower.listener(task);
    } catch (error) {
      log.error(`A call failed on the end of task ${task.jobId}.`, { error });
    }
  };

  const release = async (follower: Follower): Promise<void> => {
    const held = [...follower.held];
    follower.held.clear();
    await Promise.all(
      held.map(async ([jobId, stopKeeping]) => {
        stopKeeping();
        await store
          .update(jobId, ({ notice, claim: current }) =>
            notice === 'speaking' && current?.by === follower.by
              ? { notice: 'pending', claim: undefined }
              : {},
          )
          .catch((error) => log.warn(`The claim on task ${jobId} could not be given back.`, { error }));
      }),
    );
  };

  const writeHeard = async (jobId: string): Promise<void> => {
    // The first call is made before anything is awaited.
    for (let attempt = 1; ; attempt++) {
      try {
        await store.heard(jobId);
        break;
      } catch (error) {
        log.error(`That the end of task ${jobId} was heard could not be written down.`, { error });
        if (stopping.signal.aborted) return;
        await sleep(clock, Math.min(HEARD_AGAIN_MS * attempt, HEARD_AGAIN_MOST_MS), stopping.signal);
      }
    }
    for (const follower of [...followers, ...leaving.keys()]) {
      follower.held.get(jobId)?.();
      follower.held.delete(jobId);
    }
  };

  return {
    look,

    follow(owner, listener) {
      const follower: Follower = { owner, by: `${options.name}/${++calls}`, listener, held: new Map() };
      followers.add(follower);
      look();
      return () => {
        if (!followers.delete(follower)) return;
        if (followers.size === 0) cancelTimer();
        const leave = () => {
          if (!leaving.delete(follower)) return;
          cancelLeave();
          track(release(follower));
        };
        const cancelLeave = clock.setTimer(LAST_WORD_MS, leave);
        leaving.set(follower, leave);
      };
    },

    heard: (jobId) => track(writeHeard(jobId)),

    async stop() {
      stopping.abort();
      cancelTimer();
      for (const leave of leaving.values()) leave();
      await Promise.allSettled(underWay);
      await Promise.all([...followers].map(release));
      followers.clear();
      await Promise.allSettled(underWay);
    },
  };
}

/** Another call deals with it. */
function isTaken(task: Task, { by }: Follower, now: Date): boolean {
  return task.notice === 'speaking' && task.claim?.by !== by && isClaimed(task, now);
}
