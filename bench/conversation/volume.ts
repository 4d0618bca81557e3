import { INPUT_RATE } from '../../src/audio/format.ts';
import type { Lane } from './lane.ts';
import { locate } from './locate.ts';
import type { Reference } from './reference.ts';

const PIECE = (300 * INPUT_RATE) / 1000;
const SEARCH = 8_000;
const WINDOW = (40 * INPUT_RATE) / 1000;
const STEP = (10 * INPUT_RATE) / 1000;
/** 6 dB: half of the way to a ducked voice. */
const QUIETER = 0.5;
const LONGEST_MS = 2_000;

/** How long after the caller's onset the voice was at least 6 dB quieter, or gone, ms. */
export function duckedAt(
  lane: Lane,
  spoken: Reference,
  startedMs: number,
  onsetMs: number,
): number | undefined {
  const { heard } = lane;
  const onset = heard.sampleAt(onsetMs);
  const expected = ((onsetMs - startedMs) * INPUT_RATE) / 1000 - PIECE;
  const found = locate(spoken.pcm, heard.read(onset - PIECE, onset), expected - SEARCH, expected + SEARCH);
  if (!found || found.likeness < 0.6) return undefined;
  const full = ratio(heard.read(onset - PIECE, onset), spoken.pcm.subarray(found.at, found.at + PIECE));
  for (let at = 0; at < (LONGEST_MS * INPUT_RATE) / 1000; at += STEP) {
    const position = found.at + PIECE + at;
    const now = ratio(
      heard.read(onset + at, onset + at + WINDOW),
      spoken.pcm.subarray(position, position + WINDOW),
    );
    // The window's middle is where the change was.
    if (now < full * QUIETER) return ((at + WINDOW / 2) * 1000) / INPUT_RATE;
  }
  return undefined;
}

function ratio(heard: Int16Array, spoken: Int16Array): number {
  return Math.sqrt(power(heard) / Math.max(1, power(spoken)));
}

function power(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return sum;
}
