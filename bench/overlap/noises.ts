import { NOISES as FIXTURES } from '../../fixtures/noises.ts';
import { INPUT_RATE } from '../../src/audio/format.ts';
import { random } from './random.ts';

type Wave = (seconds: number) => number;

/** A burst of filtered noise: where a cough, a thump, a clap or a breath has its energy, and how it dies away. */
function burst(seed: number, hz: number, decay: number, rise = 0.006): (t: number) => number {
  const next = random(seed);
  const f = 2 * Math.sin((Math.PI * hz) / INPUT_RATE);
  let low = 0;
  let band = 0;
  return (t) => {
    low += f * band;
    band += f * (next() - low - 0.7 * band);
    return t < 0 ? 0 : band * Math.min(1, t / rise) * Math.exp(-t / decay);
  };
}

function repeated(wave: (t: number) => number, at: readonly number[]): Wave {
  return (t) => wave(t - (at.filter((start) => start <= t).at(-1) ?? Number.POSITIVE_INFINITY));
}

const tone =
  (hz: number, on: number, every: number): Wave =>
  (t) =>
    t % every < on ? 0.4 * Math.sin(2 * Math.PI * hz * t) : 0;

const sweep =
  (from: number, to: number, seconds: number): Wave =>
  (t) =>
    0.4 *
    Math.sin(
      2 *
        Math.PI *
        (((from + to) / 2) * t +
          (((to - from) / 2) * seconds * Math.sin((2 * Math.PI * t) / seconds)) / (2 * Math.PI)),
    );

const made: Readonly<Record<string, readonly [ms: number, wave: Wave]>> = {
  'short cough': [350, burst(11, 900, 0.06)],
  'two coughs': [800, repeated(burst(12, 1_100, 0.07), [0, 0.35])],
  'three coughs': [1_200, repeated(burst(13, 800, 0.08), [0, 0.3, 0.75])],
  'throat clearing': [700, repeated(burst(14, 600, 0.12, 0.05), [0, 0.08, 0.16, 0.24, 0.32])],
  'door slam': [500, burst(15, 120, 0.1, 0.002)],
  'desk thump': [250, burst(16, 90, 0.05, 0.002)],
  'keyboard clicks': [900, repeated(burst(17, 3_000, 0.01, 0.001), [0, 0.13, 0.22, 0.4, 0.52, 0.71])],
  'hand clap': [200, burst(18, 2_000, 0.02, 0.001)],
  breath: [900, burst(19, 1_500, 0.5, 0.3)],
  sniff: [350, burst(20, 3_500, 0.12, 0.1)],
  sneeze: [600, burst(21, 2_500, 0.15, 0.03)],
  'chair scrape': [
    700,
    repeated(burst(22, 700, 0.03, 0.004), [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4]),
  ],
  beep: [400, tone(1_000, 0.3, 1)],
  'busy tone': [1_500, tone(425, 0.25, 0.5)],
  'low hum': [1_200, tone(120, 2, 3)],
  siren: [2_000, sweep(500, 1_300, 1)],
  whistle: [700, sweep(1_800, 2_400, 1.4)],
  'phone buzz': [
    1_000,
    repeated(
      burst(23, 180, 0.02, 0.002),
      Array.from({ length: 40 }, (_, i) => i * 0.02),
    ),
  ],
  'paper rustle': [900, repeated(burst(24, 4_000, 0.05, 0.01), [0, 0.12, 0.3, 0.38, 0.6])],
};

export const NOISE_NAMES: readonly string[] = [...Object.keys(FIXTURES), ...Object.keys(made)];

/** 16 kHz mono. */
export function noise(name: string): Int16Array {
  const fixture = FIXTURES[name];
  if (fixture !== undefined) return fixture();
  const entry = made[name];
  if (entry === undefined) throw new RangeError(`no noise is called '${name}'`);
  const [ms, wave] = entry;
  return Int16Array.from({ length: (INPUT_RATE * ms) / 1000 }, (_, i) =>
    Math.round(32_767 * Math.max(-1, Math.min(1, wave(i / INPUT_RATE)))),
  );
}
