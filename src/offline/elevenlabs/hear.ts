import { INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../audio/format.ts';
import { level } from '../../audio/level.ts';
import type { Recogniser } from '../../perception/recogniser.ts';

/** What was said in a segment, and where in it, in seconds from its start. */
export interface Heard {
  readonly text: string;
  readonly startSecs: number;
  readonly endSecs: number;
}

/** Quieter than this is silence, in dBFS. */
const SILENCE_DBFS = -50;
/** Frames this far below the segment's loudest are not speech. */
const RANGE_DB = 40;
/** Silence left around the speech: cut close, first and last words suffer. */
const BEFORE_FRAMES = 10;
const AFTER_FRAMES = 25;
/** The recogniser takes about 10 s at a time; longer speech is cut at its quietest moment in the second half. */
const PIECE_FRAMES = 450;
/** Shorter clips are filled up: the recogniser is unsure of them. */
const SHORTEST_SAMPLES = INPUT_RATE / 2;

export function isVoiced(frame: Int16Array): boolean {
  return level(frame) > SILENCE_DBFS;
}

/** Recognises one segment of 16 kHz mono audio: trimmed of silence first; '' for silence and noise. */
export async function hear(recogniser: Recogniser, pcm: Int16Array): Promise<Heard> {
  const levels = frameLevels(pcm);
  const loudest = Math.max(...levels, SILENCE_DBFS);
  const voiced = (db: number) => db > SILENCE_DBFS && db > loudest - RANGE_DB;
  const first = levels.findIndex(voiced);
  if (first === -1) return { text: '', startSecs: 0, endSecs: 0 };
  const start = Math.max(0, first - BEFORE_FRAMES);
  const last = levels.findLastIndex(voiced) + 1;
  const end = Math.min(levels.length, last + AFTER_FRAMES);
  const texts: string[] = [];
  for (const [from, to] of pieces(levels, start, end)) {
    const text = await recogniser.transcribe(clip(pcm, from, to));
    if (text) texts.push(text.trim());
  }
  return { text: texts.join(' '), startSecs: seconds(first), endSecs: seconds(last) };
}

function frameLevels(pcm: Int16Array): number[] {
  const levels: number[] = [];
  for (let at = 0; at < pcm.length; at += INPUT_FRAME_SAMPLES) {
    levels.push(level(pcm.subarray(at, at + INPUT_FRAME_SAMPLES)));
  }
  return levels;
}

function* pieces(levels: readonly number[], start: number, end: number): Generator<[number, number]> {
  let from = start;
  while (end - from > PIECE_FRAMES) {
    let cut = from + PIECE_FRAMES;
    for (let at = from + PIECE_FRAMES / 2; at < from + PIECE_FRAMES; at++) {
      if ((levels[at] ?? 0) < (levels[cut] ?? 0)) cut = at;
    }
    yield [from, cut];
    from = cut;
  }
  yield [from, end];
}

function clip(pcm: Int16Array, from: number, to: number): Int16Array {
  const part = pcm.subarray(from * INPUT_FRAME_SAMPLES, to * INPUT_FRAME_SAMPLES);
  const whole = new Int16Array(Math.max(part.length, SHORTEST_SAMPLES));
  whole.set(part);
  return whole;
}

function seconds(frames: number): number {
  return (frames * INPUT_FRAME_SAMPLES) / INPUT_RATE;
}
