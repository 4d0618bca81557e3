import { INPUT_RATE } from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';
import { levelled, SPEECH_DBFS } from '../levelled.ts';
import { random } from './random.ts';

/** A sound in a room: silence before it, so that the detector knows the room, and after it. */
export interface Scene {
  /** 16 kHz mono. */
  readonly pcm: Int16Array;
  /** Where the sound truly begins, in ms: known, not detected. */
  readonly onsetMs: number;
}

const LEAD_MS = 1_000;
const TAIL_MS = 900;

export function scene(sound: Int16Array, snr: number, seed: number): Scene {
  const dry = levelled(sound);
  const length = dry.length + (INPUT_RATE * (LEAD_MS + TAIL_MS)) / 1000;
  const room = roomNoise(length, seed);
  const gain = 10 ** ((SPEECH_DBFS - snr - level(room)) / 20);
  const start = (INPUT_RATE * LEAD_MS) / 1000;
  const pcm = room.map((sample, i) => clamp(sample * gain + (dry[i - start] ?? 0)));
  return { pcm, onsetMs: LEAD_MS };
}

/** Like a room with a fan in it: louder towards the low end. */
function roomNoise(length: number, seed: number): Int16Array {
  const next = random(seed);
  let brown = 0;
  return Int16Array.from({ length }, () => {
    const white = next();
    brown += 0.06 * (white - brown);
    return Math.round(8_000 * (brown * 2 + white * 0.25));
  });
}

function clamp(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
}
