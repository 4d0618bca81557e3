import type { Clock } from '../../../src/time/clock.ts';
import type { Random } from '../random.ts';

/** The most that a frame is late on a bad line which has no hole just now, ms. */
export const MOST_LATE_MS = 400;

interface Line {
  /** What every frame takes, ms. */
  readonly delayMs: number;
  /** What some take beyond that, at most; ms. */
  readonly jitterMs: number;
  /** Share of the frames that never arrive. */
  readonly loss: number;
  /** For each frame, the chance that nothing gets through for a while; then all comes at once. */
  readonly hole: number;
}

/** The way from the caller's microphone to us: at once, or where the dice say so late, unevenly and with holes, in order. */
export class Uplink {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #line: Line | undefined;
  #lastArrivalMs = 0;
  /** Nothing gets through: whoever counts on being heard is excused. */
  onHole: () => void = () => {};

  constructor(random: Random, clock: Clock, isTroubled: boolean) {
    this.#random = random;
    this.#clock = clock;
    this.#line = isTroubled
      ? {
          delayMs: random.int(10, 250),
          jitterMs: random.pick([0, 40, 150]),
          loss: random.pick([0, 0.02, 0.1]),
          hole: random.pick([0, 0.002, 0.01]),
        }
      : undefined;
  }

  /** For how long what was sent until now will still be under way, ms. */
  get underWayMs(): number {
    return Math.max(0, this.#lastArrivalMs - this.#clock.now());
  }

  send(deliver: () => void): void {
    const line = this.#line;
    if (!line) {
      deliver();
      return;
    }
    const random = this.#random;
    if (random.chance(line.loss)) return;
    let lateMs = line.delayMs;
    if (random.chance(0.2)) lateMs += random.int(0, line.jitterMs);
    if (random.chance(line.hole)) {
      lateMs += random.int(100, 2_000);
      this.onHole();
    }
    const now = this.#clock.now();
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, now + lateMs);
    this.#clock.setTimer(this.#lastArrivalMs - now, deliver);
  }
}
