import { describe, expect, it } from 'vitest';
import { createResampler, resample, SAMPLE_RATES } from '../../src/audio/resampler.ts';

const pairs = SAMPLE_RATES.flatMap((from) =>
  SAMPLE_RATES.filter((to) => to !== from).map((to) => [from, to] as const),
);

function tone(rate: number, hz: number, ms = 200, amplitude = 12_000): Int16Array {
  return Int16Array.from({ length: (rate * ms) / 1000 }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / rate)),
  );
}

/** Amplitude and phase of `hz` in the middle of the piece, away from the edges. */
function measure(pcm: Int16Array, rate: number, hz: number) {
  const from = rate / 50;
  const length = rate / 10;
  let sine = 0;
  let cosine = 0;
  for (let i = from; i < from + length; i++) {
    sine += (pcm[i] ?? 0) * Math.sin((2 * Math.PI * hz * i) / rate);
    cosine += (pcm[i] ?? 0) * Math.cos((2 * Math.PI * hz * i) / rate);
  }
  return { amplitude: (2 * Math.hypot(sine, cosine)) / length, phase: Math.atan2(cosine, sine) };
}

function concat(pieces: Int16Array[]): Int16Array {
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}

describe.each(pairs)('resampling %d Hz to %d Hz', (from, to) => {
  it.each([200, 1000, 3000])('keeps the frequency, loudness and moment of a %d Hz tone', (hz) => {
    const { amplitude, phase } = measure(resample(tone(from, hz), from, to), to, hz);
    expect(amplitude).toBeGreaterThan(11_900);
    expect(amplitude).toBeLessThan(12_100);
    expect(Math.abs(phase)).toBeLessThan(0.01);
  });

  it('gives as much audio as it got', () => {
    for (const ms of [20, 55, 200]) {
      expect(resample(tone(from, 440, ms), from, to)).toHaveLength((to * ms) / 1000);
    }
    expect(resample(new Int16Array(0), from, to)).toHaveLength(0);
  });

  it('does not depend on how the stream is cut', async () => {
    const input = tone(from, 700);
    const whole = resample(input, from, to);
    for (const size of [1, 7, from / 50, 1000]) {
      const resampler = await createResampler(from, to);
      const pieces: Int16Array[] = [];
      for (let at = 0; at < input.length; at += size) {
        pieces.push(resampler.push(input.subarray(at, at + size)));
      }
      pieces.push(resampler.flush());
      expect(concat(pieces)).toEqual(whole);
    }
  });

  it('lags by no more than 24 samples of the lower rate', async () => {
    const resampler = await createResampler(from, to);
    const got = resampler.push(tone(from, 440, 100)).length / to;
    expect(0.1 - got).toBeLessThanOrEqual(24.001 / Math.min(from, to));
  });

  it('starts afresh after a flush', async () => {
    const resampler = await createResampler(from, to);
    const input = tone(from, 900, 60);
    const first = concat([resampler.push(input), resampler.flush()]);
    const second = concat([resampler.push(input), resampler.flush()]);
    expect(second).toEqual(first);
  });
});

describe('resampling', () => {
  it.each([
    [48_000, 16_000, 9000],
    [48_000, 16_000, 15_000],
    [24_000, 16_000, 9500],
    [48_000, 8_000, 5000],
  ])('from %d to %d Hz removes a %d Hz tone that the lower rate cannot carry', (from, to, hz) => {
    const out = resample(tone(from, hz), from, to).subarray(to / 50, -to / 50);
    const loudest = Math.max(...out.map(Math.abs));
    expect(loudest).toBeLessThan(12_000 / 1000);
  });

  it.each([
    [16_000, 48_000, 6000],
    [16_000, 24_000, 6000],
  ])('from %d to %d Hz leaves no mirror image of a %d Hz tone', (from, to, hz) => {
    const out = resample(tone(from, hz), from, to);
    expect(measure(out, to, from - hz).amplitude).toBeLessThan(12);
  });

  it('clips instead of wrapping around', () => {
    const square = Int16Array.from({ length: 1600 }, (_, i) => (i % 160 < 80 ? 32_767 : -32_768));
    const out = resample(square, 16_000, 48_000);
    // Just after each edge the filter overshoots full scale; a wrapped sample would have the wrong sign.
    for (let i = 3 * 160 + 5; i < 3 * 160 + 40; i++) expect(out[i]).toBeGreaterThan(20_000);
    expect(Math.max(...out)).toBe(32_767);
  });

  it('passes the same rate through as a copy', async () => {
    const input = tone(16_000, 440, 20);
    const out = (await createResampler(16_000, 16_000)).push(input);
    expect(out).toEqual(input);
    expect(out.buffer).not.toBe(input.buffer);
  });

  it('refuses a rate that it does not know', async () => {
    await expect(createResampler(44_100, 16_000)).rejects.toThrow('rates are 8000, 16000, 24000, 48000');
    expect(() => resample(new Int16Array(1), 16_000, 0)).toThrow(RangeError);
  });
});
