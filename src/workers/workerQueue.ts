import type { Transferable, Worker } from 'node:worker_threads';
import type { Clock } from '../time/clock.ts';
import type { WorkerReply } from './serveRequests.ts';

export interface WorkerQueueOptions {
  readonly clock: Clock;
  /** Starts the thread; called at the first request, and again at the next one after the thread has died. */
  readonly spawn: () => Worker;
  /** Makes the error that a caller sees from what went wrong in the thread. */
  readonly failure: (reason: string) => Error;
}

/** A thread that does not come to an end is ended all the same, ms. */
const LONGEST_CLOSE_MS = 30_000;

interface Job {
  readonly id: number;
  readonly message: unknown;
  readonly transfer: readonly Transferable[];
  /** Settles the caller's promise, once: later calls change nothing. */
  readonly settle: (outcome: { value: unknown } | { error: Error }) => void;
}

/**
 * Requests to one worker thread, first come first served, one at a time. While one is pending the thread keeps the
 * process alive; when idle it does not. The thread runs `serveRequests`.
 */
export class WorkerQueue {
  readonly #options: WorkerQueueOptions;
  readonly #waiting: Job[] = [];
  #worker: Worker | undefined;
  #running: Job | undefined;
  #closed = false;
  /** The request that the thread works on, whoever still waits for it. */
  #inThread: number | undefined;
  #onIdle: () => void = () => {};
  #nextId = 1;

  constructor(options: WorkerQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the thread's answer, or with undefined when `deadlineMs` has passed first or the queue was closed
   * meanwhile. A request whose deadline passes before its turn never reaches the thread.
   */
  request(
    message: unknown,
    options: { deadlineMs?: number | undefined; transfer?: readonly Transferable[] } = {},
  ): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#options.failure('it has been closed'));
    return new Promise((resolve, reject) => {
      let cancelTimer = () => {};
      const job: Job = {
        id: this.#nextId++,
        message,
        transfer: options.transfer ?? [],
        settle: (outcome) => {
          cancelTimer();
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        },
      };
      if (options.deadlineMs !== undefined) {
        cancelTimer = this.#options.clock.setTimer(options.deadlineMs, () => this.#expire(job));
      }
      this.#waiting.push(job);
      this.#next();
    });
  }

  /**
   * Ends the thread. What is pending resolves with undefined; later requests are refused. Waits until the thread has
   * finished what it is doing: ending it inside a native library would abort the whole process.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#settleAll({ value: undefined });
    await this.#idle(worker);
    this.#worker = undefined;
    await worker?.terminate();
  }

  #idle(worker: Worker | undefined): Promise<void> {
    if (!worker || this.#inThread === undefined) return Promise.resolve();
    worker.postMessage({ type: 'cancel', id: this.#inThread });
    return new Promise((resolve) => {
      const cancelTimer = this.#options.clock.setTimer(LONGEST_CLOSE_MS, resolve);
      this.#onIdle = () => {
        cancelTimer();
        resolve();
      };
    });
  }

  #expire(job: Job): void {
    const place = this.#waiting.indexOf(job);
    if (place >= 0) this.#waiting.splice(place, 1);
    else if (this.#running === job) this.#worker?.postMessage({ type: 'cancel', id: job.id });
    job.settle({ value: undefined });
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const job = this.#waiting.shift();
    if (job === undefined) {
      this.#worker?.unref();
      return;
    }
    this.#running = job;
    try {
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage({ type: 'request', id: job.id, message: job.message }, [...job.transfer]);
      this.#inThread = job.id;
    } catch (cause) {
      this.#running = undefined;
      job.settle({ error: this.#options.failure(reasonOf(cause)) });
      this.#next();
    }
  }

  #start(): Worker {
    const worker = this.#options.spawn();
    worker.on('message', (reply: WorkerReply) => this.#answered(reply));
    worker.once('error', (cause) => this.#died(worker, reasonOf(cause)));
    worker.once('exit', (code) => this.#died(worker, `its thread ended with code ${code}`));
    return worker;
  }

  #answered(reply: WorkerReply): void {
    if (reply.id === this.#inThread) {
      this.#inThread = undefined;
      this.#onIdle();
    }
    const job = this.#running;
    if (job === undefined || job.id !== reply.id) return;
    this.#running = undefined;
    job.settle(reply.ok ? { value: reply.value } : { error: this.#options.failure(reply.reason) });
    this.#next();
  }

  #died(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#inThread = undefined;
    this.#onIdle();
    this.#worker = undefined;
    this.#settleAll({ error: this.#options.failure(reason) });
  }

  #settleAll(outcome: { value: undefined } | { error: Error }): void {
    const jobs =
      this.#running === undefined ? this.#waiting.splice(0) : [this.#running, ...this.#waiting.splice(0)];
    this.#running = undefined;
    for (const job of jobs) job.settle(outcome);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
