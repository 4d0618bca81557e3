import type { GoingOn } from '../app/agent.ts';
import { type Handover, nothingKept } from '../conversation/handover.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { CallEnd, PlacedCall } from './callPlacement.ts';
import type { CallLeg } from './heldCall.ts';

/** A call that breaks off more often than this within the time (ms) is itself the fault: it is given up. */
const MOST_LOSSES = 3;
const LOSSES_WITHIN_MS = 600_000;
/** Attempts to go on after one loss, and the wait between two of them, ms. */
const ATTEMPTS = 5;
const RETRY_MS = 500;

export interface KeepCallOptions {
  readonly room: string;
  /** Where an earlier process left the call. */
  readonly resumed?: Handover;
  /** Starts a leg; rejects when it could not begin. */
  readonly begin: (going: GoingOn, signal: AbortSignal) => Promise<CallLeg>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborts when nothing is to go on any more: what breaks off from then on stays so. */
  readonly stopping: AbortSignal;
}

/**
 * Keeps one call up: a leg that broke off is followed by another one, which restores the conversation and apologises.
 * Resolves once the first leg is up, rejects when that failed.
 */
export async function keepCall(options: KeepCallOptions, signal: AbortSignal): Promise<PlacedCall> {
  const call = new KeptCall(options);
  await call.begin(signal);
  return call;
}

class KeptCall implements PlacedCall {
  readonly #options: KeepCallOptions;
  readonly #hungUp = new AbortController();
  readonly #lossTimes: number[] = [];
  #handover: Handover | undefined;
  #leg: CallLeg | undefined;
  #finish: (end: CallEnd) => void = () => {};
  readonly ended: Promise<CallEnd>;

  constructor(options: KeepCallOptions) {
    this.#options = options;
    this.#handover = options.resumed;
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  async begin(signal: AbortSignal): Promise<void> {
    const leg = await this.#options.begin(this.#going(), signal);
    this.#leg = leg;
    void this.#follow(leg).then(this.#finish);
  }

  async hangUp(): Promise<void> {
    this.#hungUp.abort();
    await this.#leg?.hangUp();
    await this.ended;
  }

  #going(): GoingOn {
    return {
      ...(this.#handover === undefined ? {} : { resumed: this.#handover }),
      onHandover: (handover) => {
        this.#handover = handover;
      },
    };
  }

  async #follow(first: CallLeg): Promise<CallEnd> {
    for (let leg: CallLeg | undefined = first; ; ) {
      const end: CallEnd = await leg.ended;
      if (!isBroken(end) || this.#isOver) return end;
      const reason = 'reason' in end ? end.reason : end.why;
      const { log, room } = this.#options;
      if (this.#isHopeless(end)) {
        log.error('a call broke off again and again: it is given up', { room, reason });
        return { why: 'givenUp', reason: `it broke off again and again: ${reason}` };
      }
      log.warn('a call broke off and goes on', { room, reason });
      leg = await this.#goOn();
      if (!leg) return this.#isOver ? end : { why: 'lost', reason };
      this.#leg = leg;
      if (this.#hungUp.signal.aborted) await leg.hangUp();
    }
  }

  get #isOver(): boolean {
    return this.#hungUp.signal.aborted || this.#options.stopping.aborted;
  }

  /** Moving a call on purpose is no loss. */
  #isHopeless({ why }: CallEnd): boolean {
    if (why === 'handedOver') return false;
    const now = this.#options.clock.now();
    this.#lossTimes.push(now);
    return this.#lossTimes.filter((at) => now - at < LOSSES_WITHIN_MS).length > MOST_LOSSES;
  }

  async #goOn(): Promise<CallLeg | undefined> {
    const { begin, clock, log, room, stopping } = this.#options;
    this.#handover ??= nothingKept;
    const signal = AbortSignal.any([this.#hungUp.signal, stopping]);
    for (let attempt = 1; attempt <= ATTEMPTS && !this.#isOver; attempt++) {
      try {
        return await begin(this.#going(), signal);
      } catch (error) {
        if (this.#isOver) return undefined;
        log.warn('a call that broke off could not go on yet', { room, attempt, error });
        await sleep(clock, RETRY_MS, signal);
      }
    }
    return undefined;
  }
}

function isBroken({ why }: CallEnd): boolean {
  return why === 'lost' || why === 'failed' || why === 'handedOver';
}
