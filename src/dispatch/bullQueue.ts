import { setMaxListeners } from 'node:events';
import { type Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { VoiceAgentError } from '../errors.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { RoomJob } from './callJob.ts';
import type { JobQueue, RunJob } from './jobQueue.ts';
import { retryDelay } from './retryLater.ts';

/**
 * A running job's lock, renewed at half of it for as long as the call lasts. When a machine dies its jobs are run
 * elsewhere after this time plus a look; LiveKit takes as long to see that the agent is gone.
 */
const LOCK_MS = 20_000;
const STALLED_LOOK_MS = 5_000;
/** A recovered job wakes nobody: idle workers look by themselves this often, s. */
const IDLE_LOOK_S = 1;
/** Runs of a job, failed or lost ones: it ends by itself when its room is empty, never because of a number. */
const RUNS = 1_000_000;
/** Rooms asked about at the same time. */
const CHUNK = 500;

export interface BullQueueOptions {
  /** For short commands. */
  readonly commands: Redis;
  /** For the worker, which waits for jobs on it: `maxRetriesPerRequest` must be null. */
  readonly blocking: Redis;
  /** Before all keys. */
  readonly prefix: string;
  readonly log: RoomLog;
  readonly lockMs?: number;
  readonly stalledLookMs?: number;
}

/** The queue of all servers on one Redis. The job's id is the SID of the room's session. */
export function createBullQueue(options: BullQueueOptions): JobQueue {
  return new BullQueue(options);
}

class BullQueue implements JobQueue {
  readonly #options: BullQueueOptions;
  readonly #queue: Queue<RoomJob>;
  readonly #draining = new AbortController();
  #worker: Worker<RoomJob> | undefined;

  constructor(options: BullQueueOptions) {
    this.#options = options;
    // Each running job may listen to it.
    setMaxListeners(0, this.#draining.signal);
    this.#queue = new Queue<RoomJob>('calls', {
      connection: options.commands,
      prefix: options.prefix,
      defaultJobOptions: {
        attempts: RUNS,
        backoff: { type: 'custom' },
        removeOnComplete: true,
        removeOnFail: true,
        stackTraceLimit: 1,
      },
    });
    this.#queue.on('error', (error) => this.#trouble(error));
  }

  async add(job: RoomJob): Promise<void> {
    try {
      await this.#queue.add('call', job, { jobId: job.roomSid });
    } catch (error) {
      throw new VoiceAgentError(
        'VA_QUEUE',
        'The job could not be put into Redis: check REDIS_URL and that Redis is running.',
        { cause: error, retryable: true },
      );
    }
  }

  async held(roomSids: readonly string[]): Promise<ReadonlySet<string>> {
    const held = new Set<string>();
    for (let at = 0; at < roomSids.length; at += CHUNK) {
      const some = roomSids.slice(at, at + CHUNK);
      const states = await Promise.all(some.map((sid) => this.#queue.getJobState(sid)));
      for (const [i, sid] of some.entries()) if (states[i] !== 'unknown') held.add(sid);
    }
    return held;
  }

  start(run: RunJob, capacity: number): void {
    const { blocking, prefix, lockMs = LOCK_MS, stalledLookMs = STALLED_LOOK_MS } = this.#options;
    const signal = this.#draining.signal;
    const worker = new Worker<RoomJob>(
      'calls',
      // `attemptsStarted` counts lost runs too.
      (job: Job<RoomJob>) =>
        run(job.data, {
          signal,
          attempt: Math.max(1, job.attemptsStarted),
          wasLost: job.stalledCounter > 0,
        }),
      {
        connection: blocking,
        prefix,
        concurrency: capacity,
        lockDuration: lockMs,
        stalledInterval: stalledLookMs,
        maxStalledCount: RUNS,
        drainDelay: IDLE_LOOK_S,
        settings: {
          backoffStrategy: (failures: number, _type?: string, error?: Error) => retryDelay(failures, error),
        },
      },
    );
    worker.on('error', (error) => this.#trouble(error));
    worker.on('stalled', (sid) =>
      this.#options.log.warn('a call was lost with its server and is held again', { sid }),
    );
    worker.on('failed', (job, error) => {
      this.#options.log.debug('a job failed and is run again later', { room: job?.data.room, error });
    });
    this.#worker = worker;
  }

  async drain(): Promise<void> {
    this.#draining.abort();
    await this.#worker?.pause(true);
  }

  async close(): Promise<void> {
    await this.drain();
    await this.#worker?.close();
    await this.#queue.close();
  }

  #trouble(error: Error): void {
    this.#options.log.debug('the queue in Redis has trouble', { error });
  }
}
