import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { INPUT_FRAME_SAMPLES } from '../../src/audio/format.ts';
import { Framer } from '../../src/audio/framer.ts';
import { readWav } from '../../src/audio/wav.ts';
import { createSileroDetector } from '../../src/perception/sileroDetector.ts';
import type { SpeechDetector, SpeechEvent } from '../../src/perception/speechDetector.ts';

/** Silence of 16 kHz audio before the clip, and how much of it the clips bring themselves: ms. */
const LEAD_MS = 500;
const CLIP_EDGE_MS = 100;

async function clip(name: string): Promise<Int16Array> {
  const file = await readFile(new URL(`../../fixtures/speech/${name}.wav`, import.meta.url));
  return (await readWav(file)).pcm;
}

function padded(pcm: Int16Array, noise = 0): Int16Array {
  const out = new Int16Array(16 * LEAD_MS + pcm.length + 16 * 600);
  out.set(pcm, 16 * LEAD_MS);
  let seed = 3;
  return out.map((sample) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return sample + Math.round((seed / 2 ** 31 - 1) * noise);
  });
}

async function detect(pcm: Int16Array, detector?: SpeechDetector): Promise<SpeechEvent[]> {
  const used = detector ?? (await createSileroDetector({ pausingMs: [] }));
  const events: SpeechEvent[] = [];
  for (const frame of new Framer(INPUT_FRAME_SAMPLES).push(pcm)) events.push(...(await used.push(frame)));
  return events.filter(isCertain);
}

const isCertain = ({ type }: SpeechEvent) => type !== 'speechRising' && type !== 'speechFell';

describe('the Silero detector', () => {
  // "Stop" begins with a fricative, which the model misses for some 130 ms.
  it.each([
    ['stop-wait', 0],
    ['capital-of-france', 0],
    ['task-status', 0],
    ['yeah', 0],
    ['business-plan', 0],
    ['capital-of-italy', 0],
    ['stop-wait', 150],
    ['capital-of-france', 150],
    ['yeah', 150],
  ])(
    'finds where speech begins and ends within 40 ms: %s with noise of amplitude %d',
    async (name, noise) => {
      const pcm = await clip(name);
      const events = await detect(padded(pcm, noise));
      expect(events.map((event) => event.type)).toEqual(['speechStarted', 'speechEnded']);
      const [started, ended] = events;
      const onset = started?.type === 'speechStarted' ? started.onsetMs : Number.NaN;
      const end = ended?.type === 'speechEnded' ? ended.endMs : Number.NaN;
      expect(Math.abs(onset - (LEAD_MS + CLIP_EDGE_MS))).toBeLessThanOrEqual(40);
      expect(Math.abs(end - (LEAD_MS + pcm.length / 16 - CLIP_EDGE_MS))).toBeLessThanOrEqual(60);
    },
  );

  it('reports a pause inside a sentence, and the speech after it', async () => {
    const events = await detect(padded(await clip('pause-for-thought')));
    expect(events.map((event) => event.type)).toEqual([
      'speechStarted',
      'speechEnded',
      'speechStarted',
      'speechEnded',
    ]);
    const [, ended, resumed] = events;
    const end = ended?.type === 'speechEnded' ? ended.endMs : Number.NaN;
    const onset = resumed?.type === 'speechStarted' ? resumed.onsetMs : Number.NaN;
    expect(Math.abs(onset - end - 900)).toBeLessThanOrEqual(60);
  });

  it('waits for the pause that it was told to wait for', async () => {
    const audio = padded(await clip('pause-for-thought'));
    const patient = await createSileroDetector({ pausingMs: [], pauseMs: 1_000 });
    expect((await detect(audio, patient)).map((event) => event.type)).toEqual(['speechStarted']);
    const [, ended] = await detect(audio);
    const silence = ended?.type === 'speechEnded' ? ended.silenceMs : Number.NaN;
    expect(silence).toBeGreaterThanOrEqual(200);
    expect(silence).toBeLessThan(200 + 2 * 32);
  });

  // Of the sentences with a comma or two only: no consonant of these is taken for an end.
  it.each(['capital-of-france', 'capital-of-italy', 'task-status', 'days-in-a-week', 'opposite-of-hot'])(
    'tells within 180 ms that %s is over, and not before',
    async (name) => {
      const pcm = await clip(name);
      const events = await detect(padded(pcm, 30), await createSileroDetector());
      const pausing = events.flatMap((event) => (event.type === 'speechPausing' ? [event] : []));
      expect(events.filter(({ type }) => type === 'speechWentOn')).toEqual([]);
      expect(pausing[0]?.silenceMs).toBeLessThan(110);
      expect(pausing.at(-1)?.silenceMs).toBeGreaterThanOrEqual(72);
      expect(pausing.at(-1)?.silenceMs).toBeLessThan(180);
      for (const { endMs } of pausing)
        expect(Math.abs(endMs - (LEAD_MS + pcm.length / 16 - CLIP_EDGE_MS))).toBeLessThanOrEqual(60);
    },
  );

  it('gives the same events in order when calls overlap and the buffer is reused', async () => {
    const audio = padded(await clip('pause-for-thought'));
    const expected = await detect(audio);
    const detector = await createSileroDetector({ pausingMs: [] });
    const buffer = new Int16Array(INPUT_FRAME_SAMPLES);
    const pending: Promise<readonly SpeechEvent[]>[] = [];
    for (const frame of new Framer(INPUT_FRAME_SAMPLES).push(audio)) {
      buffer.set(frame);
      pending.push(detector.push(buffer));
    }
    expect((await Promise.all(pending)).flat().filter(isCertain)).toEqual(expected);
  });

  it('keeps streams apart', async () => {
    const quiet = await createSileroDetector();
    const [events, none] = await Promise.all([
      detect(padded(await clip('capital-of-france'))),
      detect(new Int16Array(16 * 2_000), quiet),
    ]);
    expect(events).toHaveLength(2);
    expect(none).toEqual([]);
  });

  it('is silent after it was closed', async () => {
    const detector = await createSileroDetector();
    const audio = padded(await clip('capital-of-france'));
    const pending = new Framer(INPUT_FRAME_SAMPLES).push(audio).map((frame) => detector.push(frame));
    detector.close();
    expect((await Promise.all(pending)).flat()).toEqual([]);
    expect(await detector.push(new Int16Array(INPUT_FRAME_SAMPLES))).toEqual([]);
  });

  it.each([
    { startProbability: 1.5 },
    { stopProbability: 0.6 },
    { minSpeechMs: -1 },
    { pauseMs: Number.NaN },
    { pausingMs: [100, 50] },
    { pausingMs: [300] },
  ])('refuses options out of range: %o', async (options) => {
    await expect(createSileroDetector(options)).rejects.toMatchObject({ code: 'VA_CONFIG' });
  });
});
