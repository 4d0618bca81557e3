import type { Clock } from '../../src/time/clock.ts';

const EPOCH = Date.UTC(2026, 0, 1);
/** Turns of the event loop in which chains of promises settle. */
const TURNS = 8;

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly fn: () => void;
}

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  #now: number;
  #serial = 0;
  readonly #timers = new Map<number, Timer>();
  readonly #settle: () => Promise<void>;

  /** `settle` lets what follows from a timer happen before the next one fires. */
  constructor(start = 0, settle: () => Promise<void> = throughTheEventLoop) {
    this.#now = start;
    this.#settle = settle;
  }

  /** Timers that are set; 0 means that nothing is waiting. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  /** Calendar time that runs with this clock, from 2026-01-01. */
  today(): Date {
    return new Date(EPOCH + this.#now);
  }

  setTimer(ms: number, fn: () => void): () => void {
    const id = this.#serial++;
    this.#timers.set(id, { id, at: this.#now + Math.max(0, ms), fn });
    return () => this.#timers.delete(id);
  }

  /** Runs everything that is due in the next `ms`, in order, letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.#settle();
    for (let due = this.#nextDue(until); due; due = this.#nextDue(until)) {
      this.#timers.delete(due.id);
      this.#now = Math.max(this.#now, due.at);
      due.fn();
      await this.#settle();
    }
    this.#now = until;
  }

  /** `ms` pass while nothing at all can run, as when the thread is blocked. */
  stall(ms: number): void {
    this.#now += ms;
  }

  #nextDue(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (timer.at <= until && (!first || timer.at < first.at)) first = timer;
    }
    return first;
  }
}

/** For worlds that touch files or sockets. */
async function throughTheEventLoop(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * For worlds made of promises only: a tick asked for from within a promise's reaction comes when no reaction is left,
 * however long the chain, without a turn of the event loop.
 */
export function untilPromisesSettle(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
