import { describe, expect, it } from 'vitest';
import { type SpeechGateChange, type SpeechGateState, speechGate } from '../../src/perception/speechGate.ts';

const OPTIONS = {
  startProbability: 0.5,
  stopProbability: 0.35,
  minSpeechMs: 60,
  pausingMs: [] as number[],
  pauseMs: 200,
};
const WINDOW_MS = 32;
/** Edges of the windows themselves. */
const EDGES = {
  onsetNear: (window: { startMs: number }) => window.startMs,
  endNear: (window: { startMs: number }) => window.startMs,
};

function run(probabilities: readonly number[], options = OPTIONS, edges = EDGES) {
  let state: SpeechGateState = { status: 'silent' };
  const changes: (SpeechGateChange & { window: number })[] = [];
  probabilities.forEach((probability, i) => {
    const window = { startMs: i * WINDOW_MS, endMs: (i + 1) * WINDOW_MS, probability };
    const step = speechGate(state, window, options, edges);
    state = step.state;
    if (step.change !== undefined) changes.push({ ...step.change, window: i });
  });
  const isSign = ({ type }: SpeechGateChange) => type === 'rising' || type === 'fell';
  return { state, changes: changes.filter((change) => !isSign(change)), signs: changes.filter(isSign) };
}

const times = (n: number, probability: number) => Array.from({ length: n }, () => probability);

describe('the speech gate', () => {
  it.each([
    ['silence', times(20, 0.1), 'silent'],
    ['a window just under the start', times(20, 0.49), 'silent'],
    ['one loud window', [0.1, 0.9, 0.1], 'silent'],
    ['the first of two windows', [0.1, 0.9], 'rising'],
    ['two windows, the second above the stop only', [0.9, 0.36], 'speaking'],
    ['two windows, the second under the stop', [0.9, 0.34], 'silent'],
    ['speech that wavers above the stop', [0.9, 0.9, ...times(30, 0.36)], 'speaking'],
    ['speech and a short silence', [0.9, 0.9, ...times(6, 0.1)], 'pausing'],
    ['speech, a short silence, speech', [0.9, 0.9, ...times(6, 0.1), 0.5], 'speaking'],
    ['speech and a long silence', [0.9, 0.9, ...times(7, 0.1)], 'silent'],
    ['speech and a long murmur between the thresholds', [0.9, 0.9, 0.1, ...times(6, 0.45)], 'silent'],
  ] as const)('after %s is in the state that the table says', (_, probabilities, status) => {
    expect(run(probabilities).state.status).toBe(status);
  });

  it('reports a start once it has lasted, with the onset of its first window', () => {
    expect(run([0, 0, 0.6, 0.9, 0.9, 0.9]).changes).toEqual([{ type: 'started', onsetMs: 64, window: 3 }]);
  });

  it.each([
    ['of speech', [0, 0.6, 0.9, 0.9], [['rising', 1]]],
    [
      'of none',
      [0, 0.6, 0.1, 0.1, 0.7, 0.2],
      [
        ['rising', 1],
        ['fell', 2],
        ['rising', 4],
        ['fell', 5],
      ],
    ],
  ] as const)('tells of the first sign at once: %s', (_, probabilities, told) => {
    expect(run(probabilities).signs.map(({ type, window }) => [type, window])).toEqual(told);
  });

  it('reports an end with the silence that followed it', () => {
    const { changes } = run([0.9, 0.9, 0.9, ...times(10, 0.1)]);
    expect(changes[1]).toEqual({ type: 'ended', endMs: 96, silenceMs: 224, window: 9 });
  });

  it('counts silence anew after speech came back', () => {
    const { changes } = run([0.9, 0.9, ...times(6, 0.1), 0.9, ...times(7, 0.1)]);
    expect(changes.map((change) => change.type)).toEqual(['started', 'ended']);
    expect(changes[1]).toMatchObject({ endMs: 9 * WINDOW_MS, window: 15 });
  });

  it('counts silence from the true end, not from the window that showed it', () => {
    const edges = { ...EDGES, endNear: (window: { startMs: number }) => window.startMs - 60 };
    const { changes } = run([...times(4, 0.9), ...times(10, 0.1)], OPTIONS, edges);
    expect(changes[1]).toEqual({ type: 'ended', endMs: 68, silenceMs: 220, window: 8 });
  });

  it('tells of a silence as it grows, and when it was no end', () => {
    const options = { ...OPTIONS, pausingMs: [40, 96] };
    const { changes } = run([0.9, 0.9, ...times(4, 0.1), 0.9, 0.9, 0.1, 0.9, ...times(7, 0.1)], options);
    expect(changes.map(({ type, window }) => [type, window])).toEqual([
      ['started', 1],
      ['pausing', 3],
      ['pausing', 4],
      ['wentOn', 6],
      // One window is too short to be told of.
      ['pausing', 11],
      ['pausing', 12],
      ['ended', 16],
    ]);
    expect(changes[2]).toMatchObject({ endMs: 64, silenceMs: 96 });
  });

  it('tells once of a silence that is found late', () => {
    const edges = { ...EDGES, endNear: (window: { startMs: number }) => window.startMs - 80 };
    const { changes } = run([...times(4, 0.9), 0.1, 0.1], { ...OPTIONS, pausingMs: [40, 96] }, edges);
    expect(changes.slice(1)).toEqual([{ type: 'pausing', endMs: 48, silenceMs: 112, window: 4 }]);
  });

  it('reports at once when no least length is asked for', () => {
    const { changes } = run([0.9], { ...OPTIONS, minSpeechMs: 0 });
    expect(changes).toEqual([{ type: 'started', onsetMs: 0, window: 0 }]);
  });

  it('reports starts and ends in turn, whatever the probabilities', () => {
    let seed = 5;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const { changes } = run(
      Array.from({ length: 5_000 }, (_, i) => (i % 40 < 20 ? 0.4 + 0.6 * random() : random() / 2)),
    );
    expect(changes.length).toBeGreaterThan(50);
    changes.forEach((change, i) => {
      expect(change.type).toBe(i % 2 === 0 ? 'started' : 'ended');
    });
  });
});
