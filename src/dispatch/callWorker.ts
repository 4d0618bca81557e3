import pLimit from 'p-limit';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { HandoverSender } from './handoverUpdate.ts';
import type { CallHost, HeldCall } from './heldCall.ts';
import { LoadMeter } from './loadMeter.ts';
import { type FromWorker, readToWorker, type ToWorker } from './workerMessage.ts';

/** Time between two reports, ms. */
const REPORT_MS = 500;
/** Joins at the same time: many at once, after a crash elsewhere, would all be late and take the sound of the others. */
const JOINS_AT_ONCE = 3;
/** Between two calls that are handed over, ms: about what it takes to take one up, so that each is silent for no longer. */
const HANDOVER_EVERY_MS = 500;

/** The worker's end of the wire to its supervisor. */
export interface SupervisorChannel {
  send(message: FromWorker): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The supervisor is gone. */
  onClosed(listener: () => void): void;
}

export interface CallWorkerOptions {
  readonly host: CallHost;
  readonly channel: SupervisorChannel;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Holds the calls that the supervisor gives this process; resolves when it is drained and may end. */
export function serveCalls(options: CallWorkerOptions): Promise<void> {
  return new CallWorker(options).drained;
}

type Draining = Extract<ToWorker, { type: 'drain' }>;

class CallWorker {
  readonly #options: CallWorkerOptions;
  readonly #calls = new Map<number, HeldCall>();
  readonly #joining = new Map<number, AbortController>();
  readonly #meter = new LoadMeter();
  readonly #turn = pLimit(JOINS_AT_ONCE);
  #draining: Draining | undefined;
  /** The drain's time is over: what still begins ends like the others. */
  #limitReached = false;
  #cancelReport: () => void = () => {};
  #finish: () => void = () => {};
  readonly drained: Promise<void>;

  constructor(options: CallWorkerOptions) {
    this.#options = options;
    this.drained = new Promise((resolve) => {
      this.#finish = resolve;
    });
    const { channel, log } = options;
    channel.onMessage((message) => {
      try {
        this.#obey(readToWorker(message));
      } catch (error) {
        log.error('the supervisor said what nobody understands', { error });
      }
    });
    channel.onClosed(() => {
      log.warn('the supervisor is gone: running calls go on to their end');
      this.#drain({ type: 'drain', limitMs: Number.POSITIVE_INFINITY, rest: 'goodbye' });
    });
    channel.send({ type: 'ready' });
    this.#report();
  }

  #obey(message: ToWorker): void {
    switch (message.type) {
      case 'begin':
        void this.#begin(message);
        break;
      case 'hangUp':
        this.#joining.get(message.callId)?.abort();
        void this.#calls.get(message.callId)?.hangUp();
        break;
      case 'drain':
        this.#drain(message);
        break;
    }
  }

  async #begin({ callId, job, resumed }: Extract<ToWorker, { type: 'begin' }>): Promise<void> {
    const { host, channel } = this.#options;
    const abort = new AbortController();
    this.#joining.set(callId, abort);
    const sender = new HandoverSender();
    try {
      const hold = () =>
        host.hold(job, abort.signal, {
          ...(resumed === undefined ? {} : { resumed }),
          onHandover: (handover) =>
            channel.send({ type: 'handover', callId, update: sender.update(handover) }),
        });
      const call = await this.#turn(hold);
      this.#calls.set(callId, call);
      channel.send({ type: 'begun', callId, identity: call.identity });
      if (abort.signal.aborted) void call.hangUp();
      else if (this.#draining && this.#limitReached) endAs(this.#draining.rest, call);
      const end = await call.ended;
      this.#calls.delete(callId);
      channel.send({ type: 'ended', callId, end });
    } catch (error) {
      channel.send({ type: 'refused', callId, ...refusal(error) });
    } finally {
      this.#joining.delete(callId);
      this.#endIfDrained();
    }
  }

  #drain(how: Draining): void {
    if (this.#draining) return;
    this.#draining = how;
    const { clock } = this.#options;
    if (Number.isFinite(how.limitMs)) clock.setTimer(how.limitMs, () => this.#endRest(how));
    this.#endIfDrained();
  }

  #endRest({ rest }: Draining): void {
    this.#limitReached = true;
    const everyMs = rest === 'handOver' ? HANDOVER_EVERY_MS : 0;
    for (const [i, call] of [...this.#calls.values()].entries()) {
      this.#options.clock.setTimer(i * everyMs, () => endAs(rest, call));
    }
  }

  #endIfDrained(): void {
    if (!this.#draining || this.#joining.size > 0) return;
    this.#cancelReport();
    this.#meter.close();
    this.#finish();
  }

  #report(): void {
    const { channel, clock } = this.#options;
    channel.send({ type: 'load', load: { calls: this.#calls.size, ...this.#meter.read() } });
    this.#cancelReport = clock.setTimer(REPORT_MS, () => this.#report());
  }
}

function endAs(rest: Draining['rest'], call: HeldCall): void {
  void (rest === 'goodbye' ? call.sayGoodbye() : call.handOver());
}

/** An error that is not ours is most likely the room's. */
function refusal(error: unknown): Pick<VoiceAgentError, 'code' | 'message' | 'retryable'> {
  if (error instanceof VoiceAgentError) {
    const { code, message, retryable } = error;
    return { code, message, retryable };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'VA_ROOM_UNREACHABLE', message, retryable: false };
}
