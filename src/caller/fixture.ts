import { readFile } from 'node:fs/promises';
import { INPUT_RATE } from '../audio/format.ts';
import { readWav } from '../audio/wav.ts';
import { packageFile } from './packageFile.ts';

/** A recorded sentence of `fixtures/speech`: 16 kHz mono, and the words that were spoken. */
export interface Fixture {
  readonly name: string;
  readonly pcm: Int16Array;
  readonly text: string;
}

export async function fixture(name: string): Promise<Fixture> {
  const path = packageFile(`fixtures/speech/${name}`);
  const [audio, text] = await Promise.all([readWav(`${path}.wav`), readFile(`${path}.txt`, 'utf8')]);
  if (audio.sampleRate !== INPUT_RATE || audio.channels !== 1) {
    throw new RangeError(`fixtures/speech/${name}.wav must be ${INPUT_RATE} Hz mono`);
  }
  return { name, pcm: audio.pcm, text: text.trim() };
}
