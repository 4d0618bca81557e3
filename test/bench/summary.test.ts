import { expect, test } from 'vitest';
import { percentile, summary } from '../../bench/summary.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test('percentiles are measurements, by nearest rank, in whatever order they came', () => {
  expect(summary(hundred)).toEqual({ count: 100, p50: 50, p95: 95, max: 100 });
  expect(percentile([10, 2, 33], 50)).toBe(10);
  expect(percentile([10, 2], 50)).toBe(2);
});

test('with few measurements the 95th percentile is the worst of them', () => {
  expect(summary([3, 1, 2])).toEqual({ count: 3, p50: 2, p95: 3, max: 3 });
  expect(summary([7])).toEqual({ count: 1, p50: 7, p95: 7, max: 7 });
});

test('with 36 measurements one may be worse than the 95th percentile', () => {
  const values = Array.from({ length: 36 }, (_, index) => index + 1);
  expect(percentile(values, 95)).toBe(35);
});

test('numbers are compared as numbers, negative ones included', () => {
  expect(summary([100, -5, 9])).toEqual({ count: 3, p50: 9, p95: 100, max: 100 });
});

test('nothing measured is told from zero', () => {
  expect(summary([])).toBeUndefined();
  expect(() => percentile([], 50)).toThrow(RangeError);
});

test('a percentile out of range is an error', () => {
  expect(() => percentile(hundred, 0)).toThrow(RangeError);
  expect(() => percentile(hundred, 101)).toThrow(RangeError);
});
