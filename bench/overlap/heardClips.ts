import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadFlite } from '../../src/offline/fliteEngine.ts';
import { createMoonshine } from '../../src/perception/moonshine.ts';
import type { Clip } from './clip.ts';
import { type HeardScene, hearScene } from './hearScene.ts';
import { noise } from './noises.ts';
import { scene } from './scene.ts';
import { synthesise } from './synthesise.ts';

/** To be raised with every change to how clips are made or heard: what was remembered is then made anew. */
const VERSION = 5;
const FOLDER = fileURLToPath(new URL('../../.cache/overlap/', import.meta.url));
const WORKERS = 2;

export interface HeardClip {
  readonly clip: Clip;
  readonly heard: HeardScene;
}

/** What the ears make of each clip; remembered, because it takes a second a clip and does not change. */
export async function heardClips(
  clips: readonly Clip[],
  progress: (done: number) => void,
): Promise<readonly HeardClip[]> {
  await mkdir(FOLDER, { recursive: true });
  const flite = await loadFlite();
  const results: HeardClip[] = [];
  let next = 0;
  async function work(): Promise<void> {
    const recogniser = createMoonshine();
    try {
      for (let i = next++; i < clips.length; i = next++) {
        const clip = clips[i];
        if (clip === undefined) break;
        results[i] = { clip, heard: await remembered(clip, () => hear(clip)) };
        progress(i + 1);
      }
    } finally {
      await recogniser.close();
    }
    async function hear({ sound, snr }: Clip): Promise<HeardScene> {
      const pcm =
        sound.type === 'noise' ? noise(sound.name) : await synthesise(flite, sound.line, sound.speaker);
      return hearScene(scene(pcm, snr, 7), recogniser.hear);
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, work));
  return results;
}

async function remembered({ sound, snr }: Clip, hear: () => Promise<HeardScene>): Promise<HeardScene> {
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, sound, snr]))
    .digest('hex')
    .slice(0, 24);
  const file = join(FOLDER, `${key}.json`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as HeardScene;
  const heard = await hear();
  await writeFile(file, JSON.stringify(heard));
  return heard;
}
