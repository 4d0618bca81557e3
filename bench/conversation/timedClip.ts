import { INPUT_RATE } from '../../src/audio/format.ts';
import { levelled } from '../levelled.ts';

/** A word of a clip and when it is over, ms from the start of the clip. */
export interface TimedWord {
  readonly word: string;
  readonly endMs: number;
}

/** Something that a caller says or does: 16 kHz mono, and the words in it. */
export interface TimedClip {
  readonly name: string;
  readonly pcm: Int16Array;
  readonly words: readonly TimedWord[];
  /** Silences of the speaker's in the middle of the sentence, ms from the start of the clip. */
  readonly pauses: readonly { readonly startMs: number; readonly endMs: number }[];
}

/** A piece of speech, or a silence of so many ms. */
export type Piece = { readonly pcm: Int16Array; readonly text: string } | number;

/** Pieces one after the other; speech is cut free of the silence around it and made equally loud. */
export function timedClip(name: string, pieces: readonly Piece[]): TimedClip {
  const parts: Int16Array[] = [];
  const words: TimedWord[] = [];
  const pauses: { startMs: number; endMs: number }[] = [];
  let samples = 0;
  const nowMs = () => (samples * 1000) / INPUT_RATE;
  const add = (pcm: Int16Array) => {
    parts.push(pcm);
    samples += pcm.length;
  };
  for (const piece of pieces) {
    const startMs = nowMs();
    if (typeof piece === 'number') {
      add(new Int16Array((INPUT_RATE * piece) / 1000));
      pauses.push({ startMs, endMs: nowMs() });
      continue;
    }
    add(levelled(piece.pcm));
    const spoken = piece.text.split(/\s+/).filter((word) => word !== '');
    const letters = spoken.join('').length;
    let done = 0;
    for (const word of spoken) {
      done += word.length;
      words.push({ word, endMs: startMs + ((nowMs() - startMs) * done) / letters });
    }
  }
  const pcm = new Int16Array(samples);
  let filled = 0;
  for (const part of parts) {
    pcm.set(part, filled);
    filled += part.length;
  }
  return { name, pcm, words, pauses };
}
