import { expect, test } from 'vitest';
import type { Interruption } from '../../bench/conversation/measureInterruptions.ts';
import type { Listener } from '../../bench/conversation/measureListeners.ts';
import {
  failureRows,
  interruptionRows,
  listenerRows,
  noticeRows,
  ownTimeRows,
  pauseRows,
  shiftRows,
  times,
} from '../../bench/conversation/rows.ts';

const interruption: Interruption = {
  name: 'Stop.',
  yieldMs: 400,
  noticedMs: 100,
  decidedMs: 300,
  duckedMs: 200,
  looks: '',
  audible: 'It most',
  history: 'It most',
};
const listener: Listener = {
  name: 'Right.',
  kept: true,
  keptByTau: true,
  longestSilenceMs: 0,
  starved: false,
  ducked: true,
  shift: 0,
  looks: '',
};

test('what never happened is counted, as never', () => {
  expect(times([1, 2, Number.POSITIVE_INFINITY])).toBe('p50 2, p95 never, max never (3, 1 of them failed)');
  expect(times([1, 2])).toBe('p50 1, p95 2, max 2 (2)');
});

test('interruptions that did not silence the agent are not left out of its times', () => {
  const yielded = Array.from({ length: 18 }, () => interruption);
  const ignored = { ...interruption, yieldMs: undefined, duckedMs: undefined };
  const [p50, p95, share] = interruptionRows({
    interruptions: [...yielded, ignored],
    looksMs: [],
    failures: ['Wait.: the agent did not read'],
  });
  expect(p50).toMatchObject({ value: 'p50 400, p95 never, max never (20, 2 of them failed)', met: true });
  expect(p95).toMatchObject({ met: false });
  expect(share).toMatchObject({ value: '0.900 (18 of 20)', met: false });
});

test('an aim is missed when nothing could be measured', () => {
  const failures = ['one: the agent did not read'];
  expect(listenerRows('noises', { listeners: [], failures }, 0.98)[0]).toMatchObject({
    value: '0.000 (0 of 1)',
    met: false,
  });
  expect(shiftRows('here', { listeners: [listener], failures }, true)[0]).toMatchObject({ met: false });
  expect(ownTimeRows({ answers: [], failures })[0]).toMatchObject({ met: false });
  expect(noticeRows({ notices: [], failures })[0]).toMatchObject({ value: '0.000 (0 of 1)', met: false });
});

test('a turn with a pause that is not answered is not left out', () => {
  const turn = { name: '', cutIn: false, overlapMs: 0, answerMs: 900, words: '' };
  const rows = pauseRows({ turns: [turn, { ...turn, answerMs: undefined }], failures: [] });
  expect(rows.at(-1)?.value).toBe('p50 900, p95 never, max never (2, 1 of them failed)');
});

test('what could not be measured is named and counted', () => {
  expect(failureRows([])).toEqual([]);
  expect(failureRows(['a: silent', 'b: silent'])).toEqual([
    { measure: 'not measured: 2', value: 'a: silent; b: silent' },
  ]);
});
