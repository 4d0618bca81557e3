import { type Reading, unread } from './reading.ts';

/** Listeners whose place is remembered at most; the one who has not read for longest is forgotten first. */
const CAPACITY = 500;

/** Where every caller is in each of their results, over all calls of the process. */
export class Readings {
  readonly #readings = new Map<string, Reading>();

  get(owner: string, jobId: string): Reading {
    return this.#readings.get(key(owner, jobId)) ?? unread;
  }

  set(owner: string, jobId: string, reading: Reading): void {
    const place = key(owner, jobId);
    this.#readings.delete(place);
    this.#readings.set(place, reading);
    for (const oldest of this.#readings.keys()) {
      if (this.#readings.size <= CAPACITY) break;
      this.#readings.delete(oldest);
    }
  }
}

const key = (owner: string, jobId: string): string => JSON.stringify([owner, jobId]);
