import { describe, expect, it } from 'vitest';
import {
  FRAME_MS,
  INPUT_FRAME_SAMPLES,
  INPUT_RATE,
  OUTPUT_FRAME_SAMPLES,
  OUTPUT_RATE,
} from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';
import { resample } from '../../src/audio/resampler.ts';
import { fixture } from '../../src/caller/fixture.ts';
import { EchoGuard, type Heard } from '../../src/perception/echo/echoGuard.ts';
import { echoOf, mixed, placed, roomNoise } from './echoed.ts';

const ours = await spoken(['history-of-coffee', 'business-plan', 'who-wrote-hamlet']);
const SAMPLES = ours.length;
const LEAD_MS = 100;

/** Several fixtures, one after the other. */
async function spoken(names: readonly string[]): Promise<Int16Array> {
  const pieces = await Promise.all(names.map((name) => fixture(name)));
  return Int16Array.from(pieces.flatMap(({ pcm }) => [...pcm, ...new Int16Array(INPUT_RATE / 5)]));
}

interface Frame extends Heard {
  readonly atMs: number;
  readonly given: Int16Array;
}

/** We say `said` while the microphone hears `heard`; frames arrive up to `lateMs` late. */
async function conversation(said: Int16Array, heard: Int16Array, lateMs = 15): Promise<readonly Frame[]> {
  const guard = new EchoGuard();
  const played = resample(said, INPUT_RATE, OUTPUT_RATE);
  const frames: Frame[] = [];
  for (let n = 0; (n + 1) * INPUT_FRAME_SAMPLES <= heard.length; n++) {
    const atMs = n * FRAME_MS;
    const out = played.subarray(n * OUTPUT_FRAME_SAMPLES, (n + 1) * OUTPUT_FRAME_SAMPLES);
    if (out.length === OUTPUT_FRAME_SAMPLES) guard.played(out, 5_000 + atMs);
    const given = heard.slice(n * INPUT_FRAME_SAMPLES, (n + 1) * INPUT_FRAME_SAMPLES);
    const late = ((n * 7) % 10) * (lateMs / 10);
    frames.push({ ...guard.hear(given, 5_000 + atMs + FRAME_MS + late), atMs, given });
  }
  return frames;
}

const kinds = (frames: readonly Frame[]) => [...new Set(frames.map(({ echo }) => echo))].sort();
const foundAt = (frames: readonly Frame[]) => frames.find(({ echo }) => echo === 'found')?.atMs;

describe('our own voice from a loudspeaker', () => {
  const ways = [-6, -12, -20].flatMap((db) => [50, 150, 300].map((delayMs) => ({ db, delayMs })));

  it.each(ways)('is found out and taken away: $db dB, $delayMs ms later', async (way) => {
    const said = ours.slice(0, 4 * INPUT_RATE);
    const frames = await conversation(said, mixed(echoOf(said, way, 3), roomNoise(said.length, 5)));
    const at = foundAt(frames) ?? Number.POSITIVE_INFINITY;
    expect(at).toBeLessThanOrEqual(way.delayMs + LEAD_MS + 400);
    const after = frames.filter(({ atMs }) => atMs > at);
    expect(kinds(after)).toEqual(['ours']);
    const loud = after.filter(({ given }) => level(given) > -45);
    const taken = loud.reduce((sum, { given, pcm }) => sum + level(given) - level(pcm), 0) / loud.length;
    expect(taken).toBeGreaterThan(12);
  });

  it('is followed when the network delays it more, or less', async () => {
    const said = ours.slice(0, 6 * INPUT_RATE);
    const before = echoOf(said, { db: -10, delayMs: 120 }, 3);
    const after = echoOf(said, { db: -10, delayMs: 180 }, 3);
    const jump = 3 * INPUT_RATE;
    const jumping = before.map((sample, i) => (i < jump ? sample : (after[i] ?? 0)));
    const frames = await conversation(said, mixed(jumping, roomNoise(said.length, 5)));
    const others = frames.filter(({ atMs, echo }) => atMs > 3_000 && echo === 'mixed');
    expect(others.length * FRAME_MS).toBeLessThanOrEqual(300);
    expect(kinds(frames.filter(({ atMs }) => atMs > 4_000))).toEqual(['ours']);
  });

  it.each([-90, 130])('is not taken for somebody when its lag jumps by %d ms', async (jumpMs) => {
    const said = ours.slice(0, 6 * INPUT_RATE);
    const before = echoOf(said, { db: -10, delayMs: 250 }, 3);
    const after = echoOf(said, { db: -10, delayMs: 250 + jumpMs }, 3);
    const jump = 3.3 * INPUT_RATE;
    const jumping = before.map((sample, i) => (i < jump ? sample : (after[i] ?? 0)));
    const frames = await conversation(said, mixed(jumping, roomNoise(said.length, 5)));
    const others = frames.filter(({ atMs, echo }) => atMs > 1_000 && echo === 'mixed');
    expect(others.length * FRAME_MS).toBeLessThanOrEqual(300);
  });

  it('is known at once when we speak again', async () => {
    const silence = new Int16Array(2 * INPUT_RATE);
    const twice = Int16Array.from([...ours, ...silence, ...ours]);
    const heard = mixed(echoOf(twice, { db: -10, delayMs: 150 }, 3), roomNoise(twice.length, 5));
    const frames = await conversation(twice, heard);
    const again = ((ours.length + silence.length) * 1000) / INPUT_RATE;
    // Our silence before the first word is nothing that could come back.
    const second = frames.filter(({ atMs, echo }) => atMs > again && echo !== 'none');
    expect(kinds(second)).toEqual(['ours']);
  });
});

describe('a caller', () => {
  const words = ['stop-wait', 'capital-of-italy', 'yeah', 'ten-times-ten', 'mm-hmm'] as const;

  it.each(words)('is noticed over our echo: %s', async (name) => {
    const { pcm: theirs } = await fixture(name);
    const sinceMs = 2_500 + (theirs.findIndex((sample) => Math.abs(sample) > 1_000) * 1000) / INPUT_RATE;
    const said = ours.slice(0, 6 * INPUT_RATE);
    const heard = mixed(
      echoOf(said, { db: -10, delayMs: 150 }, 3),
      roomNoise(said.length, 5),
      placed(theirs, 2_500, said.length),
    );
    const frames = await conversation(said, heard);
    const noticed = frames.find(({ atMs, echo }) => atMs > 2_400 && echo === 'mixed')?.atMs;
    expect(noticed).toBeLessThanOrEqual(sinceMs + 160);
    const over = frames.filter(({ atMs }) => atMs > 2_500 + (theirs.length * 1000) / INPUT_RATE + 400);
    expect(kinds(over)).toEqual(['ours']);
  });

  it('without a loudspeaker is never taken for us, and heard as ever', async () => {
    for (const names of [words, ['days-in-a-week', 'spider-legs', 'task-status'], ['who-wrote-hamlet']]) {
      const theirs = await spoken(names);
      const heard = mixed(roomNoise(SAMPLES, 7), placed(theirs, 700, SAMPLES));
      const frames = await conversation(ours, heard);
      expect(kinds(frames)).toEqual(['none', 'possible']);
      expect(frames.every(({ pcm, given }) => pcm === given)).toBe(true);
    }
  });

  it('is not waited for any more once our voice was never heard to come back', async () => {
    const frames = await conversation(ours, mixed(roomNoise(SAMPLES, 7)));
    const last = frames.findLast(({ echo }) => echo === 'possible')?.atMs ?? 0;
    expect(last).toBeGreaterThan(2_000);
    expect(last).toBeLessThan(4_500);
    expect(kinds(frames.filter(({ atMs }) => atMs > last))).toEqual(['none']);
  });

  it('is heard as ever when we have not spoken for a while', async () => {
    const said = ours.slice(0, 2 * INPUT_RATE);
    const heard = mixed(echoOf(ours, { db: -10, delayMs: 150 }, 3), roomNoise(SAMPLES, 5));
    const frames = await conversation(said, heard);
    const late = frames.filter(({ atMs }) => atMs > 3_400);
    expect(late.length).toBeGreaterThan(20);
    expect(late.every(({ echo, pcm, given }) => echo === 'none' && pcm === given)).toBe(true);
  });
});
