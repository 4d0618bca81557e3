import { INPUT_RATE } from '../audio/format.ts';
import { level } from '../audio/level.ts';

const WINDOW_MS = 80;
const STEP_MS = 20;

/** Where speech is best cut in two: the middle of the quietest 80 ms of a piece, in ms from its start. */
export function quietestMoment(pcm: Int16Array): number {
  const size = (WINDOW_MS * INPUT_RATE) / 1000;
  const step = (STEP_MS * INPUT_RATE) / 1000;
  let best = { at: pcm.length, level: Number.POSITIVE_INFINITY };
  for (let at = 0; at + size <= pcm.length; at += step) {
    const loudness = level(pcm.subarray(at, at + size));
    if (loudness < best.level) best = { at: at + size / 2, level: loudness };
  }
  return (best.at / INPUT_RATE) * 1000;
}
