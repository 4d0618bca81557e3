import { describe, expect, it } from 'vitest';
import { OUTPUT_FRAME_SAMPLES } from '../../src/audio/format.ts';
import { tappedOutput } from '../../src/session/tappedOutput.ts';
import { FakeOutput } from '../support/fakeOutput.ts';
import { VirtualClock } from '../support/virtualClock.ts';

describe('a tapped output', () => {
  it('tells of each frame when it will be played: behind what is queued already', async () => {
    const clock = new VirtualClock();
    const output = new FakeOutput(clock);
    const told: number[] = [];
    const startedAt = clock.now();
    const tapped = tappedOutput(output, clock, (_, startMs) => told.push(startMs - startedAt));
    await tapped.write(new Int16Array(OUTPUT_FRAME_SAMPLES).fill(1));
    await tapped.write(new Int16Array(OUTPUT_FRAME_SAMPLES).fill(2));
    expect(told).toEqual([0, 20]);
    expect(tapped.queuedSamples()).toBe(2 * OUTPUT_FRAME_SAMPLES);
    await tapped.clear();
    expect(tapped.queuedSamples()).toBe(0);
    output.close();
  });
});
