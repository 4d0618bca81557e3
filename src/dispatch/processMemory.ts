import type { Clock } from '../time/clock.ts';
import { type DispatchMemory, SERVED_TTL_MS } from './dispatchMemory.ts';

/** Most entries of each kind; the oldest make room. */
const MOST = 20_000;

/** The memory of one process; a new process begins with an empty one. */
export function createProcessMemory(options: {
  readonly clock: Clock;
  readonly most?: number;
}): DispatchMemory {
  const { clock, most = MOST } = options;
  const seen = new Expiring<true>(clock, most);
  const served = new Expiring<ReadonlySet<string>>(clock, most);
  return {
    async first(key, ttlMs) {
      if (seen.get(key)) return false;
      seen.set(key, true, ttlMs);
      return true;
    },
    async served(roomSid) {
      return served.get(roomSid);
    },
    async markServed(roomSid, people) {
      served.set(roomSid, new Set([...(served.get(roomSid) ?? []), ...people]), SERVED_TTL_MS);
    },
  };
}

class Expiring<T> {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #entries = new Map<string, { readonly value: T; readonly until: number }>();

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > this.#clock.now() ? entry.value : undefined;
  }

  set(key: string, value: T, ttlMs: number): void {
    // A map keeps the order in which entries came: the first one is the oldest.
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.#clock.now() + ttlMs });
    for (const [oldest, { until }] of this.#entries) {
      if (this.#entries.size <= this.#most && until > this.#clock.now()) break;
      this.#entries.delete(oldest);
    }
  }
}
