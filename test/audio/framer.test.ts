import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Framer } from '../../src/audio/framer.ts';

describe('a framer', () => {
  it('gives exact frames and every sample once, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 })),
        fc.integer({ min: 1, max: 17 }),
        (cuts, size) => {
          const framer = new Framer(size);
          let next = 1;
          const frames: Int16Array[] = [];
          for (const length of cuts) {
            frames.push(...framer.push(Int16Array.from({ length }, () => next++)));
          }
          const pending = framer.pending;
          const last = framer.flush();
          if (last !== undefined) frames.push(last);
          const out = frames.flatMap((frame) => [...frame]);
          expect(frames.every((frame) => frame.length === size)).toBe(true);
          expect(out.slice(0, next - 1)).toEqual(Array.from({ length: next - 1 }, (_, i) => i + 1));
          expect(out.slice(next - 1).every((sample) => sample === 0)).toBe(true);
          expect(pending).toBe((next - 1) % size);
        },
      ),
    );
  });

  it('does not see what the caller writes into its buffer afterwards', () => {
    const framer = new Framer(4);
    const chunk = Int16Array.of(1, 2, 3, 4, 5);
    const [frame] = framer.push(chunk);
    chunk.fill(9);
    expect(frame).toEqual(Int16Array.of(1, 2, 3, 4));
    expect(framer.flush()).toEqual(Int16Array.of(5, 0, 0, 0));
  });

  it('has nothing to flush after whole frames, nor twice', () => {
    const framer = new Framer(2);
    framer.push(Int16Array.of(1, 2));
    expect(framer.flush()).toBeUndefined();
    framer.push(Int16Array.of(3));
    framer.flush();
    expect(framer.flush()).toBeUndefined();
  });

  it('refuses frames without samples', () => {
    expect(() => new Framer(0)).toThrow(RangeError);
  });
});
