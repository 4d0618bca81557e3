import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldWords } from '../../fixtures/wordErrorRate.ts';
import { readWav } from '../../src/audio/wav.ts';
import { createFlite } from '../../src/offline/flite.ts';
import { createMoonshine } from '../../src/perception/moonshine.ts';

const moonshine = createMoonshine();
const flite = createFlite();
const clip = (name: string) => fileURLToPath(new URL(`../../fixtures/speech/${name}.wav`, import.meta.url));

beforeAll(() => Promise.all([moonshine.warm(), flite.warm()]));
afterAll(() => Promise.all([moonshine.close(), flite.close()]));

describe('Moonshine', () => {
  it.each([
    ['slt', 'Your task is ready. Would you like me to read the results?'],
    ['slt', 'The capital of France is Paris.'],
    ['rms', 'Please create a business plan for a coffee shop.'],
    ['awb', 'Could you tell me more about the history of coffee?'],
    ['kal16', 'What is the tallest mountain in the world?'],
  ])('understands the local voice %s word for word: %s', async (voice, text) => {
    const heard = await moonshine.transcribe(await flite.say(text, voice));
    expect(foldWords(heard ?? '')).toEqual(foldWords(text));
  });

  it('tells how sure it is of each piece of a word', async () => {
    const { pcm } = await readWav(clip('stop-wait'));
    const whole = await moonshine.hear(pcm);
    expect(foldWords(whole?.text ?? '')).toEqual(['stop', 'wait', 'a', 'second']);
    for (const one of whole?.sure ?? []) {
      expect(one).toBeGreaterThan(0);
      expect(one).toBeLessThanOrEqual(1);
    }
    expect(whole?.sure[0]).toBeGreaterThan(0.8);
    expect(await moonshine.hear(new Int16Array(0))).toEqual({ text: '', sure: [] });
  });

  it('hears the first word in the first 400 ms of an interruption', async () => {
    const { pcm } = await readWav(clip('stop-wait'));
    // The clip begins with 100 ms of silence; 20 ms of it are kept, and 100 ms are appended.
    const start = new Int16Array(16 * 520);
    start.set(pcm.subarray(16 * 80, 16 * 500));
    expect(foldWords((await moonshine.transcribe(start)) ?? '')).toEqual(['stop']);
  });

  it.each([0, 1, 160, 1_600, 16_000, 80_000])('hears no words in %d samples of silence', async (samples) => {
    expect(await moonshine.transcribe(new Int16Array(samples))).toBe('');
  });

  it('answers overlapping requests in the order in which they were made', async () => {
    const { pcm } = await readWav(clip('business-plan'));
    const order: number[] = [];
    await Promise.all(
      [pcm, pcm.subarray(0, 8_000), new Int16Array(160)].map(async (piece, i) => {
        await moonshine.transcribe(piece);
        order.push(i);
      }),
    );
    expect(order).toEqual([0, 1, 2]);
  });

  it('answers undefined when the deadline passes first, and the next request still gets its words', async () => {
    const { pcm } = await readWav(clip('capital-of-france'));
    const [late, inTime] = await Promise.all([
      moonshine.transcribe(pcm, { deadlineMs: 1 }),
      moonshine.transcribe(pcm, { deadlineMs: 20_000 }),
    ]);
    expect(late).toBeUndefined();
    expect(inTime).toContain('capital of France');
  });

  it('leaves the audio that it is given as it was', async () => {
    const pcm = Int16Array.from({ length: 1_600 }, (_, i) => i);
    await moonshine.transcribe(pcm.subarray(100, 900));
    expect(pcm).toHaveLength(1_600);
    expect(pcm[1_599]).toBe(1_599);
  });

  it('refuses requests after it was closed', async () => {
    const closed = createMoonshine();
    await closed.close();
    await expect(closed.transcribe(new Int16Array(160))).rejects.toMatchObject({ code: 'VA_LOCAL_MODEL' });
  });

  it('keeps a process alive while it listens, and lets it end afterwards', async () => {
    const module = new URL('../../src/perception/moonshine.ts', import.meta.url).href;
    const program = `import(${JSON.stringify(module)}).then(async ({ createMoonshine }) => {
      console.log('heard', JSON.stringify(await createMoonshine().transcribe(new Int16Array(3200))));
    });`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      '-e',
      program,
    ]);
    expect(stdout.trim()).toBe('heard ""');
    expect(stderr).toBe('');
  });
});
