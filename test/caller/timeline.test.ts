import { expect, test } from 'vitest';
import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../src/audio/format.ts';
import { Timeline } from '../../src/caller/timeline.ts';

const frame = () => new Int16Array(INPUT_FRAME_SAMPLES).fill(1000);

/** Adds one frame at each arrival; the times of their first samples, in whole ms. */
function starts(timeline: Timeline, arrivals: readonly number[]): number[] {
  return arrivals.map((at) => Math.round(timeline.add(frame(), at)));
}

/** `count` arrivals in real time from `first` on. */
function steady(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index * FRAME_MS);
}

test('frames in real time keep the time of their arrival, less their length', () => {
  expect(starts(new Timeline(0), steady(100, 3))).toEqual([80, 100, 120]);
});

test('a late first frame does not make all that follow late', () => {
  const timeline = new Timeline(0);
  expect(starts(timeline, [150, ...steady(155, 3)])).toEqual([130, 135, 155, 175]);
  expect(timeline.samples).toBe((195 * INPUT_RATE) / 1000);
});

test('jitter does not move the audio', () => {
  expect(starts(new Timeline(0), [20, 45, 60, 112, 113, 120])).toEqual([0, 20, 40, 60, 80, 100]);
});

test('a stall that is made up for in a burst leaves no gap behind', () => {
  const timeline = new Timeline(0);
  starts(timeline, [...steady(20, 5), ...Array.from({ length: 10 }, () => 300)]);
  expect(starts(timeline, steady(320, 2))).toEqual([300, 320]);
  expect(timeline.all().every((sample) => sample !== 0)).toBe(true);
});

test('a real gap stays, as silence', () => {
  const timeline = new Timeline(0);
  starts(timeline, steady(20, 5));
  expect(starts(timeline, steady(320, 2))).toEqual([300, 320]);
  expect(timeline.between(100, 300).every((sample) => sample === 0)).toBe(true);
  expect(timeline.between(300, 340).every((sample) => sample !== 0)).toBe(true);
});

test('a gap too small to be told from jitter is found within a second or so', () => {
  const timeline = new Timeline(0);
  starts(timeline, steady(20, 5));
  expect(starts(timeline, steady(160, 120)).at(-1)).toBe(160 + 119 * FRAME_MS - FRAME_MS);
});
