import { type Evidence, FEATURES, type Feature } from '../../src/conversation/overlap/evidence.ts';

export type Weights = Readonly<Record<Feature, number>>;

export interface Example {
  readonly evidence: Evidence;
  readonly isInterruption: boolean;
  /** How much it counts: looks of the same clip share one voice. */
  readonly weight: number;
}

/** The longer the same words go on, the surer: what was an interruption stays one. */
const RISING: readonly Feature[] = ['age', 'after600', 'after900', 'unknownLate'];
const FALLING: readonly Feature[] = ['clearEarly', 'weakEarly'];

const ROUNDS = 150;
const RATE = 0.1;
/** Holds the weights of standardised evidence small. */
const RIDGE = 0.01;

/** Logistic regression by gradient descent (Adam), on standardised evidence; the weights are for evidence as it is. */
export function fitOdds(examples: readonly Example[]): Weights {
  const names = FEATURES.slice(1);
  const mean = names.map((name) => average(examples.map(({ evidence }) => evidence[name])));
  const spread = names.map((name, i) => {
    const variance = average(examples.map(({ evidence }) => (evidence[name] - (mean[i] ?? 0)) ** 2));
    return Math.sqrt(variance) || 1;
  });
  const rows = examples.map(({ evidence }) => [
    1,
    ...names.map((name, i) => (evidence[name] - (mean[i] ?? 0)) / (spread[i] ?? 1)),
  ]);
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const weights = FEATURES.map(() => 0);
  const first = FEATURES.map(() => 0);
  const second = FEATURES.map(() => 0);
  for (let round = 1; round <= ROUNDS; round++) {
    const slope = weights.map((weight, i) => (i === 0 ? 0 : RIDGE * weight));
    rows.forEach((row, r) => {
      const example = examples[r];
      if (!example) return;
      const z = row.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
      const error = ((1 / (1 + Math.exp(-z)) - Number(example.isInterruption)) * example.weight) / total;
      row.forEach((value, i) => {
        slope[i] = (slope[i] ?? 0) + error * value;
      });
    });
    FEATURES.forEach((name, i) => {
      const g = slope[i] ?? 0;
      first[i] = 0.9 * (first[i] ?? 0) + 0.1 * g;
      second[i] = 0.999 * (second[i] ?? 0) + 0.001 * g * g;
      const step =
        (RATE * (first[i] ?? 0)) /
        (1 - 0.9 ** round) /
        (Math.sqrt((second[i] ?? 0) / (1 - 0.999 ** round)) + 1e-8);
      const next = (weights[i] ?? 0) - step;
      weights[i] = RISING.includes(name)
        ? Math.max(0, next)
        : FALLING.includes(name)
          ? Math.min(0, next)
          : next;
    });
  }
  const plain = weights.map((weight, i) => (i === 0 ? weight : weight / (spread[i - 1] ?? 1)));
  const shift = names.reduce((sum, _, i) => sum + (plain[i + 1] ?? 0) * (mean[i] ?? 0), 0);
  plain[0] = (plain[0] ?? 0) - shift;
  return Object.fromEntries(FEATURES.map((name, i) => [name, round2(plain[i] ?? 0)])) as Record<
    Feature,
    number
  >;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
