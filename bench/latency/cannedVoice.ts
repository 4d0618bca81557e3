import { INPUT_RATE } from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';
import type { Voice } from '../../src/offline/voice.ts';

/** Above what the caller takes for sound, also when our voice is lowered by 12 dB. */
const LOUD_DBFS = -32;
const SLOT_SAMPLES = (INPUT_RATE * 5) / 1000;

/** A voice that says from memory, at once, what it has said before: the text-to-speech vendor at no latency. */
export function cannedVoice(voice: Voice): Voice {
  const memory = new Map<string, Promise<Int16Array>>();
  return {
    warm: () => voice.warm(),
    say(text, name) {
      const key = `${name} ${text}`;
      const known = memory.get(key) ?? voice.say(text, name).then(withoutSilence);
      memory.set(key, known);
      return known;
    },
    close: () => voice.close(),
  };
}

/** Without a silent part anywhere: the first sample is audible, and so is what an interruption breaks off. */
function withoutSilence(pcm: Int16Array): Int16Array {
  const loud: Int16Array[] = [];
  for (let at = 0; at < pcm.length; at += SLOT_SAMPLES) {
    const slot = pcm.subarray(at, at + SLOT_SAMPLES);
    if (level(slot) >= LOUD_DBFS) loud.push(slot);
  }
  const out = new Int16Array(loud.reduce((sum, slot) => sum + slot.length, 0));
  let filled = 0;
  for (const slot of loud) {
    out.set(slot, filled);
    filled += slot.length;
  }
  return out;
}
