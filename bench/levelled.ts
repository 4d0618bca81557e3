import { INPUT_RATE } from '../src/audio/format.ts';
import { level } from '../src/audio/level.ts';

/** How loud: dBFS. */
export const SPEECH_DBFS = -20;
/** A block belongs to the sound when it is no further below the loudest one: dB. */
const EDGE_DB = 30;
const BLOCK = INPUT_RATE / 100;

/** A sound cut free of the silence around it, as loud as `SPEECH_DBFS`. 16 kHz mono. */
export function levelled(sound: Int16Array): Int16Array {
  const pcm = trimmed(sound);
  const gain = 10 ** ((SPEECH_DBFS - level(pcm)) / 20);
  return pcm.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}

function trimmed(pcm: Int16Array): Int16Array {
  const levels = Array.from({ length: Math.floor(pcm.length / BLOCK) }, (_, i) =>
    level(pcm.subarray(i * BLOCK, (i + 1) * BLOCK)),
  );
  const threshold = Math.max(...levels) - EDGE_DB;
  const first = levels.findIndex((one) => one >= threshold);
  const last = levels.findLastIndex((one) => one >= threshold);
  return first < 0 ? pcm : pcm.slice(first * BLOCK, (last + 1) * BLOCK);
}
