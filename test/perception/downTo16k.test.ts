import { describe, expect, it } from 'vitest';
import { DownTo16k } from '../../src/perception/echo/downTo16k.ts';

const FRAME = 480;

/** 100 ms. */
const tone = (hz: number, rate: number) =>
  Int16Array.from({ length: rate / 10 }, (_, i) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hz * i) / rate)),
  );

function inFrames(pcm: Int16Array, size: number): Int16Array {
  const down = new DownTo16k();
  const out: number[] = [];
  for (let at = 0; at < pcm.length; at += size) out.push(...down.push(pcm.subarray(at, at + size)));
  return Int16Array.from(out);
}

describe('speech at 24 kHz made 16 kHz', () => {
  it.each([200, 1_000, 3_000])('is the same tone two samples later: %d Hz', (hz) => {
    const got = inFrames(tone(hz, 24_000), FRAME);
    const wanted = tone(hz, 16_000);
    const worst = wanted.slice(0, -2).reduce((most, sample, i) => {
      return Math.max(most, Math.abs(sample - (got[i + 2] ?? 0)));
    }, 0);
    expect(got.length).toBe(wanted.length);
    expect(worst).toBeLessThan(8_000 * 0.06);
  });

  it('does not depend on how it is cut into frames', () => {
    const pcm = tone(700, 24_000);
    expect(inFrames(pcm, 3)).toEqual(inFrames(pcm, FRAME));
  });
});
