import { expect, it } from 'vitest';
import { level } from '../../src/audio/level.ts';

it.each([
  ['a full-scale sine', Int16Array.from({ length: 1600 }, (_, i) => 32_767 * Math.sin(i / 5)), -3],
  [
    'a square at half scale',
    Int16Array.from({ length: 320 }, (_, i) => (i % 2 === 0 ? 16_384 : -16_384)),
    -6,
  ],
  ['digital silence', new Int16Array(320), -100],
  ['no samples', new Int16Array(0), -100],
])('the level of %s is its RMS in dBFS', (_, pcm, expected) => {
  expect(level(pcm)).toBeCloseTo(expected, 0);
});
