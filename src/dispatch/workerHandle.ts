import type { GoingOn } from '../app/agent.ts';
import type { Handover } from '../conversation/handover.ts';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import type { CallJob } from './callJob.ts';
import type { CallEnd } from './callPlacement.ts';
import { applyUpdate } from './handoverUpdate.ts';
import type { CallLeg } from './heldCall.ts';
import { type FromWorker, readFromWorker, type ToWorker, type WorkerLoad } from './workerMessage.ts';

/** What a worker process offers its supervisor. */
export interface WorkerChannel {
  readonly pid: number | undefined;
  send(message: ToWorker): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; `reason` is for people. */
  onExit(listener: (reason: string) => void): void;
  /** At once, whatever it is doing. */
  kill(): void;
}

export interface WorkerHandleOptions {
  readonly channel: WorkerChannel;
  readonly clock: Clock;
  readonly log: Logger;
  /** Silence after which a worker counts as hung and is killed, ms. */
  readonly heartbeatMs: number;
  /** Longest start, ms. */
  readonly startMs: number;
  /** Something about it has changed: it is ready, has reported, a call ended, it is gone. */
  readonly onChange: () => void;
  /** The agent in `room` is a ghost now: its process is gone. */
  readonly onGhost: (room: string, identity: string) => void;
}

interface Leg {
  readonly room: string;
  readonly going: GoingOn;
  handover: Handover | undefined;
  identity: string | undefined;
  readonly begun: () => void;
  readonly refused: (error: Error) => void;
  readonly finish: (end: CallEnd) => void;
}

type Status = 'starting' | 'ready' | 'draining' | 'gone';

/** A supervisor's view of one call worker: its calls, how it fares, and whether it is alive. */
export class WorkerHandle {
  readonly #options: WorkerHandleOptions;
  readonly #legs = new Map<number, Leg>();
  #status: Status = 'starting';
  #load: WorkerLoad = { calls: 0, lagMs: 0, busy: 0, rssMb: 0 };
  #seenAt: number;
  #cancelWatch: () => void = () => {};
  #nextCallId = 1;
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
  #left: () => void = () => {};

  constructor(options: WorkerHandleOptions) {
    const { channel, clock } = options;
    this.#options = options;
    this.#seenAt = clock.now();
    this.gone = new Promise((resolve) => {
      this.#left = resolve;
    });
    channel.onMessage((message) => this.#receive(message));
    channel.onExit((reason) => this.#exited(reason));
    this.#watch();
  }

  get pid(): number | undefined {
    return this.#options.channel.pid;
  }

  get status(): Status {
    return this.#status;
  }

  get calls(): number {
    return this.#legs.size;
  }

  get load(): WorkerLoad {
    return this.#load;
  }

  /** Has the worker join; rejects when it cannot, or `signal` aborts. */
  begin(job: CallJob, going: GoingOn, signal: AbortSignal): Promise<CallLeg> {
    const { channel } = this.#options;
    const callId = this.#nextCallId++;
    return new Promise((resolve, reject) => {
      let finish: (end: CallEnd) => void = () => {};
      const ended = new Promise<CallEnd>((settle) => {
        finish = settle;
      });
      const hangUp = async () => {
        if (this.#legs.has(callId)) channel.send({ type: 'hangUp', callId });
        await ended;
      };
      const abort = () => channel.send({ type: 'hangUp', callId });
      signal.addEventListener('abort', abort, { once: true });
      const settled = () => signal.removeEventListener('abort', abort);
      this.#legs.set(callId, {
        room: job.room,
        going,
        handover: going.resumed,
        identity: undefined,
        begun: () => {
          settled();
          resolve({ ended, hangUp });
        },
        refused: (error) => {
          settled();
          reject(error);
        },
        finish,
      });
      const { resumed } = going;
      channel.send({
        type: 'begin',
        callId,
        job,
        ...(resumed === undefined
          ? {}
          : { resumed: { ...resumed, history: [...resumed.history], told: [...resumed.told] } }),
      });
    });
  }

  /** No new calls; the process ends with its last one. What runs after `limitMs` ends as `rest` says. */
  drain(limitMs: number, rest: 'goodbye' | 'handOver'): void {
    if (this.#status === 'gone' || this.#status === 'draining') return;
    this.#status = 'draining';
    this.#options.channel.send({ type: 'drain', limitMs, rest });
    this.#options.onChange();
  }

  hangUpAll(): void {
    for (const callId of this.#legs.keys()) this.#options.channel.send({ type: 'hangUp', callId });
  }

  kill(): void {
    this.#options.channel.kill();
  }

  #receive(raw: unknown): void {
    const { log, clock } = this.#options;
    if (this.#status === 'gone') return;
    this.#seenAt = clock.now();
    let message: FromWorker;
    try {
      message = readFromWorker(raw);
    } catch (error) {
      log.error('a call worker said what nobody understands', { pid: this.pid, error });
      return;
    }
    this.#heard(message);
  }

  #heard(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        if (this.#status === 'starting') this.#status = 'ready';
        break;
      case 'load':
        this.#load = message.load;
        break;
      case 'leaving':
        this.#status = 'draining';
        break;
      case 'begun': {
        const leg = this.#legs.get(message.callId);
        if (!leg) break;
        leg.identity = message.identity;
        leg.begun();
        break;
      }
      case 'refused': {
        const { callId, code, retryable } = message;
        this.#take(callId)?.refused(new VoiceAgentError(code, message.message, { retryable }));
        break;
      }
      case 'handover': {
        const leg = this.#legs.get(message.callId);
        if (!leg) break;
        leg.handover = applyUpdate(leg.handover, message.update);
        leg.going.onHandover?.(leg.handover);
        break;
      }
      case 'ended':
        this.#take(message.callId)?.finish(message.end);
        break;
    }
    this.#options.onChange();
  }

  #take(callId: number): Leg | undefined {
    const leg = this.#legs.get(callId);
    this.#legs.delete(callId);
    return leg;
  }

  #exited(reason: string): void {
    if (this.#status === 'gone') return;
    const { log, onChange, onGhost } = this.#options;
    const expected = this.#status === 'draining' && this.#legs.size === 0;
    this.#status = 'gone';
    this.#cancelWatch();
    if (!expected) log.error('a call worker ended', { pid: this.pid, reason, calls: this.#legs.size });
    // The others are told first who is left: calls that go on look for a worker at once.
    onChange();
    for (const callId of [...this.#legs.keys()]) {
      const leg = this.#take(callId);
      if (!leg) continue;
      if (leg.identity !== undefined) onGhost(leg.room, leg.identity);
      leg.refused(
        new VoiceAgentError('VA_ROOM_CLOSED', `the call worker ended: ${reason}`, { retryable: true }),
      );
      leg.finish({ why: 'lost', reason: `the call worker ended: ${reason}` });
    }
    this.#left();
  }

  /** Kills a worker that has been silent for too long; looks twice, because it may be we who stood still. */
  #watch(): void {
    const { clock, heartbeatMs, startMs, log } = this.#options;
    const lookMs = heartbeatMs / 4;
    let lookedAt = clock.now();
    const look = () => {
      const now = clock.now();
      const stoodStill = now - lookedAt > 2 * lookMs;
      lookedAt = now;
      const limit = this.#status === 'starting' ? startMs : heartbeatMs;
      if (!stoodStill && now - this.#seenAt > limit) {
        log.error('a call worker does not answer: it is killed', { pid: this.pid, calls: this.#legs.size });
        this.kill();
        return;
      }
      this.#cancelWatch = clock.setTimer(lookMs, look);
    };
    this.#cancelWatch = clock.setTimer(lookMs, look);
  }
}
