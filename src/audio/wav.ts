import { readFile, writeFile } from 'node:fs/promises';
import { decodeWav, type WavAudio } from './decodeWav.ts';
import { encodeWav } from './encodeWav.ts';

/** Reads a 16-bit PCM WAV file, or one that is already in memory. Rejects with a `RangeError` that names the fault. */
export async function readWav(source: string | Buffer): Promise<WavAudio> {
  if (typeof source !== 'string') return decodeWav(source);
  const file = await readFile(source);
  try {
    return decodeWav(file);
  } catch (cause) {
    throw new RangeError(`${source}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/**
 * Writes a 16-bit PCM WAV file: one channel for one array, two (left, right) for a pair. The shorter of a pair is
 * filled up with silence.
 */
export async function writeWav(
  path: string,
  pcm: Int16Array | readonly [left: Int16Array, right: Int16Array],
  sampleRate: number,
): Promise<void> {
  await writeFile(path, encodeWav(pcm, sampleRate));
}
