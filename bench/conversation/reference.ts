import { INPUT_RATE, OUTPUT_RATE } from '../../src/audio/format.ts';
import { resample } from '../../src/audio/resampler.ts';
import { clausesOf } from '../../src/tts/clauses.ts';
import type { CharMark, TextToSpeech } from '../../src/tts/textToSpeech.ts';

/** A text as the agent's voice speaks it. */
export interface Reference {
  readonly text: string;
  /** At the rate at which the caller hears it, 16 kHz. */
  readonly pcm: Int16Array;
  readonly marks: readonly CharMark[];
}

/** Has a text spoken, as a call would, so that what is heard can be compared with it. */
export async function reference(tts: TextToSpeech, text: string): Promise<Reference> {
  const parts: Int16Array[] = [];
  const marks: CharMark[] = [];
  let samples = 0;
  for await (const chunk of tts.speak(clausesOf(once(text)), { signal: new AbortController().signal })) {
    parts.push(chunk.pcm);
    marks.push(...chunk.marks);
    samples += chunk.pcm.length;
  }
  const pcm = new Int16Array(samples);
  let filled = 0;
  for (const part of parts) {
    pcm.set(part, filled);
    filled += part.length;
  }
  return { text, pcm: resample(pcm, OUTPUT_RATE, INPUT_RATE), marks };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
