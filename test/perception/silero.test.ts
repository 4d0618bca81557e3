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

  it('refuses a window of another length', async () => {
    const stream = await openSilero();
    await expect(stream.probability(new Int16Array(320))).rejects.toThrow('512 samples, not 320');
  });
});
