import { type PolyphaseFilter, polyphaseFilter } from './polyphaseFilter.ts';

/** Rates, in Hz, between which audio is converted. */
export const SAMPLE_RATES = [8_000, 16_000, 24_000, 48_000] as const;

/** One stream's converter. Calls are synchronous; chunks may have any length, and their division does not matter. */
export interface Resampler {
  readonly from: number;
  readonly to: number;
  /** What has become computable: it lags the input by 1.5 ms of the lower rate's samples (24), no more. */
  push(pcm: Int16Array): Int16Array;
  /** The rest of the stream, so that the output is as long as the input; the next `push` starts a new stream. */
  flush(): Int16Array;
}

/**
 * A streaming mono resampler. Output sample n stands for the same moment as input position n·from/to: nothing is
 * shifted. Rejects with a `RangeError` for a rate that is not in `SAMPLE_RATES`.
 */
export async function createResampler(from: number, to: number): Promise<Resampler> {
  return streamResampler(from, to);
}

/** A whole piece at once; as long as the input, to the sample. */
export function resample(pcm: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return pcm.slice();
  const resampler = streamResampler(from, to);
  const body = resampler.push(pcm);
  const tail = resampler.flush();
  const out = new Int16Array(body.length + tail.length);
  out.set(body);
  out.set(tail, body.length);
  return out;
}

function streamResampler(from: number, to: number): Resampler {
  for (const rate of [from, to]) {
    if (!SAMPLE_RATES.some((known) => known === rate)) {
      throw new RangeError(
        `Cannot resample ${from} Hz to ${to} Hz: rates are ${SAMPLE_RATES.join(', ')} Hz.`,
      );
    }
  }
  if (from === to) return { from, to, push: (pcm) => pcm.slice(), flush: () => new Int16Array(0) };
  return new PolyphaseResampler(from, to, polyphaseFilter(from, to));
}

class PolyphaseResampler implements Resampler {
  readonly from: number;
  readonly to: number;
  readonly #filter: PolyphaseFilter;
  /** Input still needed; the first sample is `#start` in stream positions. Silence precedes the stream. */
  #pending: Int16Array;
  #start: number;
  #received = 0;
  #sent = 0;

  constructor(from: number, to: number, filter: PolyphaseFilter) {
    this.from = from;
    this.to = to;
    this.#filter = filter;
    this.#pending = new Int16Array(filter.reach);
    this.#start = -filter.reach;
  }

  push(pcm: Int16Array): Int16Array {
    this.#received += pcm.length;
    this.#append(pcm);
    const { up, down, reach } = this.#filter;
    // Output n reads input up to floor(n·down/up) + reach.
    const ready = Math.ceil(((this.#received - reach) * up) / down);
    return this.#take(Math.max(ready, this.#sent));
  }

  flush(): Int16Array {
    const { up, down, reach } = this.#filter;
    this.#append(new Int16Array(reach + 1));
    const rest = this.#take(Math.round((this.#received * up) / down));
    this.#pending = new Int16Array(reach);
    this.#start = -reach;
    this.#received = 0;
    this.#sent = 0;
    return rest;
  }

  #append(pcm: Int16Array): void {
    const joined = new Int16Array(this.#pending.length + pcm.length);
    joined.set(this.#pending);
    joined.set(pcm, this.#pending.length);
    this.#pending = joined;
  }

  /** Computes outputs up to, not including, stream position `end`, and forgets the input that no later one reads. */
  #take(end: number): Int16Array {
    const { up, down, reach, phases } = this.#filter;
    const out = new Int16Array(end - this.#sent);
    const input = this.#pending;
    for (let i = 0; i < out.length; i++) {
      const position = (this.#sent + i) * down;
      const phase = phases[position % up];
      if (phase === undefined) break;
      const first = Math.floor(position / up) - reach + 1 - this.#start;
      let sum = 0;
      for (let k = 0; k < phase.length; k++) sum += (phase[k] ?? 0) * (input[first + k] ?? 0);
      out[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
    this.#sent = end;
    const keepFrom = Math.floor((end * down) / up) - reach + 1;
    if (keepFrom > this.#start) {
      this.#pending = input.slice(keepFrom - this.#start);
      this.#start = keepFrom;
    }
    return out;
  }
}
