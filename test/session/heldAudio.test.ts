import { describe, expect, it } from 'vitest';
import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../../src/audio/format.ts';
import { HeldAudio } from '../../src/session/heldAudio.ts';

function setUp() {
  const written: number[] = [];
  const held = new HeldAudio((frame) => written.push(frame[0] ?? 0));
  let next = 1;
  /** Pushes frames that are numbered from 1 on. */
  const push = (ms: number, isOurs: boolean) => {
    for (let at = 0; at < ms; at += FRAME_MS)
      held.push(new Int16Array(INPUT_FRAME_SAMPLES).fill(next++), isOurs);
  };
  return { held, written, push };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('audio held back while we speak', () => {
  it('comes 400 ms later, in order, and at once when it is flushed', () => {
    const { held, written, push } = setUp();
    push(500, false);
    expect(written).toEqual(numbers(1, 5));
    held.flush();
    expect(written).toEqual(numbers(1, 25));
  });

  it('is silence where it is our own voice', () => {
    const { held, written, push } = setUp();
    push(200, true);
    held.flush();
    expect(written).toEqual(new Array(10).fill(0));
  });

  it('becomes silence when it turns out to have been our own voice', () => {
    const { held, written, push } = setUp();
    push(300, false);
    held.discard();
    held.flush();
    expect(written).toEqual(new Array(15).fill(0));
  });

  it('keeps the beginning of somebody who is noticed late', () => {
    const { held, written, push } = setUp();
    push(300, true);
    push(100, false);
    held.flush();
    expect(written).toEqual([0, 0, 0, ...numbers(4, 20)]);
  });
});
