import { describe, expect, it } from 'vitest';
import { heardText, wordBoundary } from '../../src/playback/heardText.ts';

/** One character every 50 ms. */
const marks = [...'One two three.'].map((char, i) => ({ char, startMs: i * 50 }));

describe('heardText', () => {
  it.each([
    [0, ''],
    [60, ''],
    // A word is heard from 60 % of its length on: "One" lasts from 0 to 150 ms.
    [90, 'One'],
    [150, 'One'],
    [280, 'One'],
    [300, 'One two'],
    [5_000, 'One two three.'],
  ])('after %i ms is %j', (ms, text) => {
    expect(heardText(marks, ms)).toBe(text);
  });

  it('is empty without marks', () => {
    expect(heardText([], 1_000)).toBe('');
  });
});

describe('wordBoundary', () => {
  it.each([
    [0, 300, 150],
    [150, 300, 150],
    [151, 400, 350],
    [151, 300, undefined],
    [5_000, 6_000, undefined],
  ])('between %i and %i ms is %s', (from, to, expected) => {
    expect(wordBoundary(marks, from, to)).toBe(expected);
  });
});
