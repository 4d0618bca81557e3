import { afterAll, describe, expect, it } from 'vitest';
import { level } from '../../src/audio/level.ts';
import { createFlite } from '../../src/offline/flite.ts';
import { fliteText } from '../../src/offline/fliteText.ts';

const flite = createFlite();
afterAll(() => flite.close());

describe('Flite', () => {
  it.each(['slt', 'rms', 'awb', 'kal16'])('speaks with the voice %s', async (voice) => {
    const pcm = await flite.say('Good morning.', voice);
    expect(pcm.length / 16_000).toBeGreaterThan(0.5);
    expect(pcm.length / 16_000).toBeLessThan(2);
    expect(level(pcm)).toBeGreaterThan(-40);
  });

  it('speaks the same text the same way each time', async () => {
    const first = await flite.say('The same again.', 'slt');
    expect(await flite.say('The same again.', 'slt')).toEqual(first);
  });

  it.each(['', '   ', '...', '?!', '🙂', '—', '日本語'])('has nothing to say for %j', async (text) => {
    expect(await flite.say(text, 'slt')).toEqual(new Int16Array(0));
  });

  it('speaks a text of a few thousand letters, in order with a short one', async () => {
    const [long, short] = await Promise.all([
      flite.say('This is one of many sentences in a long result. '.repeat(60), 'kal16'),
      flite.say('Done.', 'kal16'),
    ]);
    expect(long.length / 16_000).toBeGreaterThan(100);
    expect(short.length / 16_000).toBeLessThan(2);
  });

  it('does not fall over after 150 sentences', async () => {
    const lengths = new Set<number>();
    for (let i = 0; i < 150; i++) lengths.add((await flite.say('Go on.', 'kal16')).length);
    expect(lengths.size).toBe(1);
  });

  it('names its voices when it is asked for another', async () => {
    await expect(flite.say('Hello.', 'alice')).rejects.toMatchObject({
      code: 'VA_LOCAL_MODEL',
      message: expect.stringContaining('slt, rms, awb, kal16'),
    });
  });

  it.each([
    ['Café “Zoë” — it’s nice…', 'Cafe "Zoe" , it\'s nice,'],
    ['It costs €5.', 'It costs euros 5.'],
    ['20°\tand\nmore', '20 degrees and more'],
    ['3 × 4', '3 times 4'],
  ])('reads %j as plain text', (text, expected) => {
    expect(fliteText(text)).toBe(expected);
  });
});
