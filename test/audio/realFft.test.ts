import { describe, expect, it } from 'vitest';
import { RealFft } from '../../src/audio/realFft.ts';

const SIZE = 64;
const signal = Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i * i * 0.7) + 0.3);

describe('the Fourier transform of a real signal', () => {
  it('is what its definition says', () => {
    const fft = new RealFft(SIZE);
    fft.forward(signal);
    for (let k = 0; k <= SIZE / 2; k++) {
      let re = 0;
      let im = 0;
      signal.forEach((sample, i) => {
        re += sample * Math.cos((2 * Math.PI * k * i) / SIZE);
        im -= sample * Math.sin((2 * Math.PI * k * i) / SIZE);
      });
      expect(fft.re[k]).toBeCloseTo(re, 9);
      expect(fft.im[k]).toBeCloseTo(im, 9);
    }
  });

  it('turns back into the signal', () => {
    const fft = new RealFft(SIZE);
    const back = new Float64Array(SIZE);
    fft.forward(signal);
    fft.inverse(back);
    back.forEach((sample, i) => {
      expect(sample).toBeCloseTo(signal[i] ?? 0, 9);
    });
  });

  it('refuses a length that is no power of two', () => {
    expect(() => new RealFft(48)).toThrow(RangeError);
  });
});
