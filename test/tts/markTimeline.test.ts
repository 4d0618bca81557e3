import { describe, expect, it } from 'vitest';
import { MarkTimeline } from '../../src/tts/markTimeline.ts';
import { PcmBytes } from '../../src/tts/pcmBytes.ts';

const spread = (text: string, fromMs: number, stepMs: number) => ({
  chars: [...text],
  startsMs: [...text].map((_, index) => fromMs + index * stepMs),
});

const spelled = (marks: readonly { char: string }[]) => marks.map(({ char }) => char).join('');

describe('MarkTimeline', () => {
  it('fills a clause that came without alignment evenly, up to the next that has one', () => {
    const line = new MarkTimeline();
    for (const clause of ['Hello.', 'No alignment here.', 'The end.']) line.addClause(clause);
    const first = line.align(spread('Hello. ', 0, 50), 0);
    const rest = line.align(spread('The end. ', 0, 50), 1500);
    expect(spelled([...first, ...rest])).toBe('Hello. No alignment here. The end.');
    expect(rest.find(({ char }) => char === 'T')?.startMs).toBe(1500);
    expect(rest[5]?.startMs).toBeGreaterThan(300);
    expect(rest[5]?.startMs).toBeLessThan(1500);
  });

  it('spells the text that was sent, whatever the vendor adds or leaves out', () => {
    const line = new MarkTimeline();
    line.addClause('It’s 5 o’clock.');
    const marks = [...line.align(spread(" It's 5 oclock. ", 0, 50), 0), ...line.finish(1000)];
    expect(spelled(marks)).toBe('It’s 5 o’clock.');
  });

  it('never goes back', () => {
    const line = new MarkTimeline();
    line.addClause('abc');
    const marks = line.align({ chars: ['a', 'b', 'c'], startsMs: [100, 50, 200] }, 0);
    expect(marks.map(({ startMs }) => startMs)).toEqual([100, 100, 200]);
  });

  it('estimates when no alignment comes for long, and spreads the rest at the end', () => {
    const line = new MarkTimeline();
    line.addClause('A sentence that has about fifty characters, I think.');
    expect(line.skip(1000)).toEqual([]);
    const soon = line.skip(2000);
    expect(soon.length).toBeGreaterThan(20);
    const rest = line.finish(4000);
    expect(spelled([...soon, ...rest])).toBe('A sentence that has about fifty characters, I think.');
    expect(rest.at(-1)?.startMs).toBeLessThanOrEqual(4000);
  });
});

describe('PcmBytes', () => {
  it('carries an odd byte on, whatever the division and the offset in a shared buffer', () => {
    const pcm = Int16Array.from({ length: 50 }, (_, index) => index * 321 - 8000);
    const pool = Buffer.concat([Buffer.from([1]), Buffer.from(pcm.buffer)]).subarray(1);
    for (const size of [1, 2, 3, 7, 100]) {
      const bytes = new PcmBytes();
      const out: number[] = [];
      for (let at = 0; at < pool.length; at += size) out.push(...bytes.push(pool.subarray(at, at + size)));
      expect(out).toEqual([...pcm]);
    }
  });
});
