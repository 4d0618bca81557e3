/** What a row of measurements comes to; in the unit of the measurements. */
export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Undefined when there is nothing to sum up. */
export function summary(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  return {
    count: values.length,
    p50: percentile(values, 50),
    p95: percentile(values, 95),
    max: percentile(values, 100),
  };
}

/** By nearest rank, so always one of the measurements: the least that `percent` of them do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100))
    throw new RangeError(`a percentile is above 0 to 100, not ${percent}`);
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  if (value === undefined) throw new RangeError('there is no percentile of nothing');
  return value;
}
