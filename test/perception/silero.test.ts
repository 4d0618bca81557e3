import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Framer } from '../../src/audio/framer.ts';
import { readWav } from '../../src/audio/wav.ts';
import { openSilero, SILERO_WINDOW_SAMPLES, type SileroStream } from '../../src/perception/silero.ts';

async function windows(name: string, gain = 1): Promise<Int16Array[]> {
  const file = await readFile(new URL(`../../fixtures/${name}.wav`, import.meta.url));
  const { pcm } = await readWav(file);
  return new Framer(SILERO_WINDOW_SAMPLES).push(pcm.map((sample) => sample * gain));
}

async function judge(pieces: Int16Array[], stream?: SileroStream): Promise<number[]> {
  const used = stream ?? (await openSilero());
  const probabilities: number[] = [];
  for (const piece of pieces) probabilities.push(await used.probability(piece));
  return probabilities;
}

/** White noise up to this amplitude, the same at every run. */
function noise(seed: number, amplitude: number): Int16Array {
  let state = seed + 1;
  return Int16Array.from({ length: SILERO_WINDOW_SAMPLES }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.round((state / 2_147_483_647 - 0.5) * 2 * amplitude);
  });
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('Silero', () => {
  it('is sure of speech', async () => {
    expect(mean(await judge(await windows('speech/business-plan')))).toBeGreaterThan(0.85);
  });

  it('still notices a very quiet hum, for which it needs the end of the window before', async () => {
    expect(mean(await judge(await windows('speech/mm-hmm', 0.05)))).toBeGreaterThan(0.36);
  });

  it.each(['white-noise', 'cough', 'ring-tone'])(
    'is nowhere near taking this for speech: %s',
    async (name) => {
      expect(Math.max(...(await judge(await windows(`noise/${name}`))))).toBeLessThan(0.3);
    },
  );

  it('judges each stream by its own past', async () => {
    const speech = await windows('speech/capital-of-france');
    const noise = await windows('noise/ring-tone');
    const alone = await judge(speech);
    const [together] = await Promise.all([judge(speech), judge(noise)]);
    expect(together).toEqual(alone);
  });

  it('skips the model in long silence, and hears what follows as if it had listened all the time', async () => {
    const speech = await windows('speech/capital-of-france');
    const hush = Array.from({ length: 120 }, (_, i) => noise(i, 12));
    // Just above the limit, so that the model hears all of it.
    const murmur = Array.from({ length: 120 }, (_, i) => noise(i, 60));
    const skipped = (await judge([...hush, ...speech])).slice(hush.length);
    const heard = (await judge([...murmur, ...speech])).slice(murmur.length);
    const onset = (probabilities: number[]) => probabilities.findIndex((value) => value >= 0.5);
    expect(Math.abs(onset(skipped) - onset(heard))).toBeLessThanOrEqual(1);
    expect(Math.abs(mean(skipped) - mean(heard))).toBeLessThan(0.03);
    const quiet = await judge(hush);
    expect(new Set(quiet.slice(20)).size).toBe(1);
  });

  it('refuses a window of another length', async () => {
    const stream = await openSilero();
    await expect(stream.probability(new Int16Array(320))).rejects.toThrow('512 samples, not 320');
  });
});
