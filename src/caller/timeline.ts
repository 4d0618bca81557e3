import { INPUT_RATE } from '../audio/format.ts';

/** Arrival may be late by this much before it counts as a gap, ms. */
const JITTER_MS = 60;
/** When everything that arrived for so long was late, then the audio was late and not its arrival, ms. */
const SETTLE_MS = 1_000;

const JITTER = samplesOf(JITTER_MS);
const SETTLE = samplesOf(SETTLE_MS);

/** Audio without a gap. `start`: of its first sample, in samples from the start of the timeline. */
interface Run {
  start: number;
  samples: number;
  readonly pieces: Int16Array[];
}

/**
 * Mono 16 kHz audio laid out along the clock: what one side of a call sounded like, and when. Nothing can arrive before it
 * was there, but much arrives later on a busy machine; so the earliest arrivals tell where the audio belongs, and those
 * that come late and are made up for move nothing.
 */
export class Timeline {
  readonly #startedAt: number;
  readonly #runs: Run[] = [];
  /** Least lateness of what arrived since `since`, in samples. */
  #window = { since: 0, least: Number.POSITIVE_INFINITY };

  /** `startedAt`: the moment, on the caller's clock, of the first sample. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** Length so far, gaps included. */
  get samples(): number {
    const last = this.#runs.at(-1);
    return last ? endOf(last) : 0;
  }

  /** Adds audio whose last sample was there at `at`, or before; returns the time of its first sample, ms on the clock. */
  add(pcm: Int16Array, at: number): number {
    const arrived = Math.max(0, samplesOf(at - this.#startedAt) - pcm.length);
    const late = arrived - this.samples;
    const run = this.#runs.at(-1);
    if (!run || late > JITTER) this.#begin(arrived);
    else if (late < 0) this.#pull(run, -late);
    else this.#settle(late);
    return this.#append(pcm);
  }

  /** The audio between two moments of the clock; silence where there is none. */
  between(fromMs: number, toMs: number): Int16Array {
    const from = Math.max(0, this.#sampleAt(fromMs));
    const to = Math.max(from, Math.min(this.samples, this.#sampleAt(toMs)));
    const out = new Int16Array(to - from);
    for (const run of this.#runs) {
      let start = run.start;
      for (const pcm of run.pieces) {
        const first = Math.max(from, start);
        const last = Math.min(to, start + pcm.length);
        if (first < last) out.set(pcm.subarray(first - start, last - start), first - from);
        start += pcm.length;
      }
    }
    return out;
  }

  all(): Int16Array {
    return this.between(this.#startedAt, Number.POSITIVE_INFINITY);
  }

  #begin(start: number): void {
    this.#runs.push({ start, samples: 0, pieces: [] });
    this.#window = { since: start, least: Number.POSITIVE_INFINITY };
  }

  /** It was here sooner than we took it for: what we took for a gap was a delay. */
  #pull(run: Run, samples: number): void {
    const before = this.#runs.at(-2);
    const gap = run.start - (before ? endOf(before) : 0);
    run.start -= Math.min(gap, samples);
    this.#window = { since: endOf(run), least: Number.POSITIVE_INFINITY };
    if (!before || gap > samples) return;
    this.#runs.pop();
    before.pieces.push(...run.pieces);
    before.samples += run.samples;
    this.#pull(before, samples - gap);
  }

  #settle(late: number): void {
    this.#window.least = Math.min(this.#window.least, late);
    const { since, least } = this.#window;
    if (this.samples - since < SETTLE) return;
    if (least > 0) this.#begin(this.samples + least);
    else this.#window = { since: this.samples, least: Number.POSITIVE_INFINITY };
  }

  #append(pcm: Int16Array): number {
    const run = this.#runs.at(-1);
    if (!run) return this.#startedAt;
    const start = endOf(run);
    run.pieces.push(pcm);
    run.samples += pcm.length;
    return this.#startedAt + (start / INPUT_RATE) * 1000;
  }

  #sampleAt(ms: number): number {
    return ms === Number.POSITIVE_INFINITY ? this.samples : samplesOf(ms - this.#startedAt);
  }
}

function endOf({ start, samples }: Run): number {
  return start + samples;
}

function samplesOf(ms: number): number {
  return Math.round((ms / 1000) * INPUT_RATE);
}
