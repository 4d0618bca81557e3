/** A low-pass filter split into one short filter for each position that an output sample can have between inputs. */
export interface PolyphaseFilter {
  /** The output rate over the input rate, in lowest terms: `up / down`. */
  readonly up: number;
  readonly down: number;
  /** Input samples read on either side of an output sample: each phase has `2 · reach` taps. */
  readonly reach: number;
  /** Taps over the inputs floor(p) − reach + 1 … floor(p) + reach, by the fraction of p in steps of 1/up. */
  readonly phases: readonly Float64Array[];
}

/** Zero crossings of the sinc on either side. With the two below: flat to 0.85 of the band, aliases under −65 dB. */
const ZERO_CROSSINGS = 24;
/** Where the filter has fallen to half, as a part of the lower rate's band: aliases fold into its last tenth only. */
const CUTOFF = 0.94;
/** Shape of the Kaiser window: about 70 dB of stop-band attenuation. */
const KAISER_BETA = 6.8;

const cache = new Map<string, PolyphaseFilter>();

/** The Kaiser-windowed sinc filter for a pair of rates; made once per pair. */
export function polyphaseFilter(from: number, to: number): PolyphaseFilter {
  const key = `${from}:${to}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const divisor = greatestCommonDivisor(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const stretch = Math.max(1, down / up);
  const reach = Math.ceil(ZERO_CROSSINGS * stretch);
  const phases = Array.from({ length: up }, (_, step) => taps(step / up, reach, CUTOFF / stretch));
  const filter = { up, down, reach, phases };
  cache.set(key, filter);
  return filter;
}

function taps(fraction: number, reach: number, cutoff: number): Float64Array {
  const values = Float64Array.from({ length: 2 * reach }, (_, k) => {
    const distance = k - reach + 1 - fraction;
    return sinc(distance * cutoff) * kaiser(distance / reach);
  });
  // Each phase passes a constant unchanged: otherwise the differences between phases would be heard as a tone.
  const gain = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / gain);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

/** The modified Bessel function of order zero, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
