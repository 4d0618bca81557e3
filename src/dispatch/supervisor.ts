import type { GoingOn } from '../app/agent.ts';
import { nothingKept } from '../conversation/handover.ts';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { CallJob } from './callJob.ts';
import type { CallPlacement, PlacedCall } from './callPlacement.ts';
import type { CallLeg } from './heldCall.ts';
import { keepCall } from './keepCall.ts';
import { type PlacementLimits, pickWorker } from './pickWorker.ts';
import { type WorkerChannel, WorkerHandle } from './workerHandle.ts';
import type { WorkerLoad } from './workerMessage.ts';

const DEFAULTS = { heartbeatMs: 8_000, startMs: 60_000 };
/** First pause before a worker that ended is replaced, when that happens again and again: doubles up to the longest. */
const RESPAWN_MS = 250;
const MOST_RESPAWN_MS = 30_000;
/** Head start of the calls of a worker that ended, before it is replaced, ms. */
const CALLS_FIRST_MS = 3_000;
/** A worker that lived so long was well: its end is no part of a series, ms. */
const WELL_MS = 30_000;
/** Longest wait of a new call for a worker with room, ms: none may be better in a moment, one may be starting. */
const ROOM_WAIT_MS = 3_000;
const START_WAIT_MS = 60_000;
/** After the end of a drain, the time for goodbyes before processes are killed, ms. */
const GOODBYE_MS = 20_000;

export interface SupervisorOptions extends PlacementLimits {
  readonly workers: number;
  readonly spawn: () => WorkerChannel;
  readonly clock: Clock;
  readonly log: Logger;
  /** An agent of ours whose process is gone, and which front ends would still show for up to 20 s. */
  readonly onGhost?: (room: string, identity: string) => void;
  /** Silence after which a worker is killed, ms; default 8,000. */
  readonly heartbeatMs?: number;
  /** Longest start of a worker, ms; default 60,000. */
  readonly startMs?: number;
}

/** One worker, for people and metrics. */
export interface WorkerReport extends WorkerLoad {
  readonly pid: number | undefined;
  readonly status: WorkerHandle['status'];
}

/**
 * Calls in worker processes: keeps so many of them running, gives each new call to the one that has most to spare, and has
 * the calls of a worker that ended go on in another one, with their conversation restored.
 */
export class Supervisor implements CallPlacement {
  readonly #options: SupervisorOptions;
  readonly #workers = new Set<WorkerHandle>();
  readonly #stopping = new AbortController();
  readonly #waiters = new Set<() => void>();
  /** Workers that are to be replaced: calls go there only when nobody else has room, or they would move twice. */
  readonly #retiring = new WeakSet<WorkerHandle>();
  #restarting: Promise<void> | undefined;
  /** Workers that ended soon after their start, in a row. */
  #failures = 0;
  /** One that has grown too big waits for its replacement until then, after others that did not come up. */
  #replaceFrom = 0;
  #cancelRespawn: () => void = () => {};

  constructor(options: SupervisorOptions) {
    this.#options = options;
    for (let i = 0; i < options.workers; i++) this.#spawn();
  }

  get capacity(): number {
    return this.#options.workers * this.#options.perWorker;
  }

  /** For calls as things stand, the taken ones included: a worker too busy for another has none left. */
  get places(): number {
    const places = (worker: WorkerHandle) =>
      worker.status === 'ready' && pickWorker([worker], this.#options, false)
        ? this.#options.perWorker
        : worker.calls;
    return [...this.#workers].reduce((sum, worker) => sum + places(worker), 0);
  }

  /** Whether a new call could begin now. */
  get isReady(): boolean {
    return !this.#stopping.signal.aborted && this.#pick(false) !== undefined;
  }

  get workers(): readonly WorkerReport[] {
    return [...this.#workers].map(({ pid, status, calls, load }) => ({ ...load, pid, status, calls }));
  }

  place(job: CallJob, signal: AbortSignal): Promise<PlacedCall> {
    const { clock, log } = this.#options;
    const begin = (going: GoingOn, until: AbortSignal) => this.#begin(job, going, until);
    const resumed = job.wasLost ? { resumed: nothingKept } : {};
    return keepCall(
      { room: job.room, ...resumed, begin, clock, log, stopping: this.#stopping.signal },
      signal,
    );
  }

  /**
   * Resolves when no worker is starting any more, so that the first calls are spread over all of them; in the end without
   * the slow ones.
   */
  async ready(signal: AbortSignal): Promise<void> {
    const giveUpAt = this.#options.clock.now() + START_WAIT_MS;
    while (this.#isStarting && !signal.aborted) {
      const leftMs = giveUpAt - this.#options.clock.now();
      if (leftMs <= 0) return;
      await this.#change(signal, leftMs);
    }
  }

  /**
   * Replaces every worker by a new one, one after the other, without dropping a call: an old worker keeps its calls for up to
   * `drainMs`, and what then still runs is handed over. Joins a restart that is under way.
   */
  restart(drainMs: number): Promise<void> {
    if (this.#restarting) {
      // Those that were replaced first run the program as it was then.
      this.#options.log.warn(
        'call workers are being replaced already: if the program has changed, ask again',
      );
    }
    this.#restarting ??= this.#replaceAll(drainMs).finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  /** No new calls; running ones go on for up to `limitMs` and then say goodbye. Resolves when all processes have ended. */
  async drain(limitMs: number): Promise<void> {
    this.#stopping.abort();
    this.#cancelRespawn();
    const all = [...this.#workers];
    for (const worker of all) {
      if (worker.status === 'starting') worker.kill();
      else worker.drain(limitMs, 'goodbye');
    }
    const cancel = this.#options.clock.setTimer(limitMs + GOODBYE_MS, () => this.kill());
    await Promise.all(all.map(({ gone }) => gone));
    cancel();
  }

  /** Ends every call now, then every process. */
  async hangUpAll(): Promise<void> {
    this.#stopping.abort();
    for (const worker of this.#workers) worker.hangUpAll();
    await this.drain(0);
  }

  /** Ends every process at once. */
  kill(): void {
    this.#stopping.abort();
    for (const worker of this.#workers) worker.kill();
  }

  async #begin(job: CallJob, going: GoingOn, signal: AbortSignal): Promise<CallLeg> {
    // A token from LiveKit's own dispatch holds one identity: front ends keep a returned one as failed.
    const { join: _, ...again } = job;
    const isAgain = going.resumed !== undefined;
    const { clock } = this.#options;
    const since = clock.now();
    for (;;) {
      signal.throwIfAborted();
      const worker = this.#stopping.signal.aborted ? undefined : this.#pick(isAgain);
      // In the same moment: another call must not find the same place.
      if (worker) return worker.begin(isAgain ? again : job, going, signal);
      const leftMs = since + (this.#isStarting ? START_WAIT_MS : ROOM_WAIT_MS) - clock.now();
      if (leftMs <= 0 || this.#stopping.signal.aborted) throw noRoom(this.capacity);
      await this.#change(AbortSignal.any([signal, this.#stopping.signal]), leftMs);
    }
  }

  #pick(urgent: boolean): WorkerHandle | undefined {
    const ready = [...this.#workers].filter(({ status }) => status === 'ready');
    const staying = ready.filter((worker) => !this.#retiring.has(worker));
    return pickWorker(staying, this.#options, urgent) ?? pickWorker(ready, this.#options, urgent);
  }

  /** Resolves when something about the workers has changed. */
  async #change(signal: AbortSignal, ms: number = START_WAIT_MS): Promise<void> {
    const changed = new AbortController();
    const wake = () => changed.abort();
    this.#waiters.add(wake);
    await sleep(this.#options.clock, ms, AbortSignal.any([signal, changed.signal]));
    this.#waiters.delete(wake);
  }

  #changed(): void {
    for (const wake of this.#waiters) wake();
  }

  #spawn(): WorkerHandle {
    const { clock, log, spawn, onGhost = () => {} } = this.#options;
    const startedAt = clock.now();
    const worker = new WorkerHandle({
      channel: spawn(),
      clock,
      log,
      heartbeatMs: this.#options.heartbeatMs ?? DEFAULTS.heartbeatMs,
      startMs: this.#options.startMs ?? DEFAULTS.startMs,
      onChange: () => {
        this.#mind(worker, startedAt);
        this.#changed();
      },
      onGhost,
    });
    this.#workers.add(worker);
    void worker.gone.then(() => this.#replaceGone(worker, startedAt));
    return worker;
  }

  /**
   * A worker that has grown too big is replaced while its calls go on. Not at once after its start: where workers are too
   * big from the first, the new ones are no better.
   */
  #mind(worker: WorkerHandle, startedAt: number): void {
    const { memoryMb, log, clock } = this.#options;
    if (worker.status === 'draining') this.#fill();
    if (worker.status !== 'ready' || worker.load.rssMb <= memoryMb || this.#isStarting) return;
    const now = clock.now();
    if (this.#retiring.has(worker) || now < startedAt + WELL_MS || now < this.#replaceFrom) return;
    this.#retiring.add(worker);
    log.warn('a call worker is replaced: it has grown beyond its limit', {
      pid: worker.pid,
      rssMb: Math.round(worker.load.rssMb),
      memoryMb,
    });
    void this.#replace(worker, LONGEST_TIMER_MS);
  }

  /** A worker is coming up. */
  get #isStarting(): boolean {
    return [...this.#workers].some(({ status }) => status === 'starting');
  }

  async #replaceAll(drainMs: number): Promise<void> {
    const { log } = this.#options;
    log.info('call workers are replaced one by one');
    const all = [...this.#workers].filter((one) => one.status === 'ready' && !this.#retiring.has(one));
    for (const old of all) this.#retiring.add(old);
    for (const old of all) {
      if (this.#stopping.signal.aborted) return;
      // One that has ended while it waited its turn has been replaced for that.
      if (old.status === 'ready') await this.#replace(old, drainMs);
    }
    log.info('call workers are replaced');
  }

  async #replace(old: WorkerHandle, drainMs: number): Promise<void> {
    const fresh = this.#spawn();
    while (fresh.status === 'starting' && !this.#stopping.signal.aborted) {
      await this.#change(this.#stopping.signal);
    }
    // A new worker that does not come up leaves the old one in its place.
    if (fresh.status === 'ready') return old.drain(Math.min(drainMs, LONGEST_TIMER_MS), 'handOver');
    this.#retiring.delete(old);
    this.#failures++;
    this.#replaceFrom = this.#options.clock.now() + this.#backOffMs();
  }

  #replaceGone(worker: WorkerHandle, startedAt: number): void {
    this.#workers.delete(worker);
    this.#changed();
    if (this.#stopping.signal.aborted) return;
    const { clock, workers } = this.#options;
    const serving = [...this.#workers].filter(({ status }) => status !== 'draining').length;
    if (serving >= workers) return;
    this.#failures = clock.now() - startedAt < WELL_MS ? this.#failures + 1 : 0;
    const waitMs = this.#failures <= 1 ? this.#firstRespawnMs() : this.#backOffMs();
    this.#cancelRespawn = clock.setTimer(waitMs, () => {
      this.#fill();
    });
  }

  /** Its calls are taken up first: starting costs the processor time that this needs. With no room elsewhere, at once. */
  #firstRespawnMs(): number {
    return this.#pick(true) ? CALLS_FIRST_MS : 0;
  }

  #backOffMs(): number {
    return Math.min(RESPAWN_MS * 2 ** this.#failures, MOST_RESPAWN_MS);
  }

  #fill(): void {
    if (this.#stopping.signal.aborted) return;
    const serving = [...this.#workers].filter(({ status }) => status !== 'draining').length;
    for (let i = serving; i < this.#options.workers; i++) this.#spawn();
  }
}

/** Node's timers go no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function noRoom(capacity: number): VoiceAgentError {
  return new VoiceAgentError(
    'VA_CALLS_FULL',
    `No call worker has room for another call (at most ${capacity} calls): raise WORKERS where there are cores and memory for it, or start another machine.`,
    { retryable: true },
  );
}
