import { INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';
import type { Voice } from '../../src/offline/voice.ts';
import type { Recogniser } from '../../src/perception/recogniser.ts';

/** 20 ms frames of a tone that `toneRecogniser` hears as the word `w<word>`. */
export function tone(word: number, ms: number): Int16Array[] {
  return Array.from({ length: Math.round(ms / 20) }, () =>
    Int16Array.from({ length: INPUT_FRAME_SAMPLES }, (_, index) => (index % 2 === 0 ? 1 : -1) * word * 1000),
  );
}

export function silence(ms: number): Int16Array[] {
  return Array.from({ length: Math.round(ms / 20) }, () => new Int16Array(INPUT_FRAME_SAMPLES));
}

/**
 * Hears tones: `w3:10` for ten frames of tone 3. So a test can tell whether any audio was lost, doubled or displaced.
 */
export function toneRecogniser(options: { delayMs?: number } = {}): Recogniser {
  return {
    warm: () => Promise.resolve(),
    close: () => Promise.resolve(),
    async transcribe(pcm) {
      if (options.delayMs) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
      const words: { word: number; frames: number }[] = [];
      for (let at = 0; at < pcm.length; at += INPUT_FRAME_SAMPLES) {
        const word = Math.round(Math.abs(pcm[at] ?? 0) / 1000);
        const last = words.at(-1);
        if (last?.word === word) last.frames += 1;
        else words.push({ word, frames: 1 });
      }
      return words
        .filter(({ word }) => word > 0)
        .map(({ word, frames }) => `w${word}:${frames}`)
        .join(' ');
    },
  };
}

/** Says each character as 50 ms of a loud tone: the length tells how much was said. */
export function toneVoice(options: { delayMs?: number } = {}): Voice & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    warm: () => Promise.resolve(),
    close: () => Promise.resolve(),
    async say(text) {
      said.push(text);
      if (options.delayMs) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
      return new Int16Array([...text].length * MS_PER_CHAR * (INPUT_RATE / 1000)).fill(8000);
    },
  };
}

export const MS_PER_CHAR = 50;

export function isSilent(pcm: Int16Array): boolean {
  return level(pcm) < -60;
}
