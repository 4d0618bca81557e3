import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from '../../src/audio/ring.ts';

describe('a ring', () => {
  it('holds the latest samples, up to its capacity, in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 30 })),
        (capacity, cuts) => {
          const ring = new Ring(capacity);
          const all: number[] = [];
          for (const length of cuts) {
            const chunk = Int16Array.from({ length }, (_, i) => all.length + i);
            all.push(...chunk);
            ring.push(chunk);
            const expected = all.slice(-capacity);
            expect([...ring.read()]).toEqual(expected);
            expect(ring.length).toBe(expected.length);
            expect([...ring.read(3)]).toEqual(expected.slice(-3));
          }
        },
      ),
    );
  });

  it('is empty after it was cleared', () => {
    const ring = new Ring(3);
    ring.push(Int16Array.of(1, 2, 3, 4));
    ring.clear();
    expect(ring.read()).toHaveLength(0);
    ring.push(Int16Array.of(5));
    expect(ring.read()).toEqual(Int16Array.of(5));
  });

  it('refuses to hold nothing', () => {
    expect(() => new Ring(0)).toThrow(RangeError);
  });
});
