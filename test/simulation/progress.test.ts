import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isComplete, keep, type Progress, restore } from './progress.ts';
import { emptyTally } from './runSeeds.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'voice-agent-simulation-'));
  file = join(folder, 'run.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const finished: Progress = {
  from: 7,
  seeds: 60,
  tally: { ...emptyTally, seeds: 60 },
  lost: [],
  todo: [],
  seconds: 3,
};

it('begins where nothing was kept', () => {
  expect(restore(file, 7, 60)).toMatchObject({ from: 7, seeds: 60, todo: [{ from: 7, to: 67 }], seconds: 0 });
  expect(restore(undefined, 7, 60)).toMatchObject({ todo: [{ from: 7, to: 67 }] });
});

it('goes on from what was kept', () => {
  const half = { ...finished, tally: { ...emptyTally, seeds: 40 }, todo: [{ from: 47, to: 67 }] };
  keep(file, half);
  expect(restore(file, 7, 60)).toEqual(half);
});

it('has more to do when a finished run is asked for more seeds', () => {
  keep(file, finished);
  const more = restore(file, 7, 120);
  expect(more).toEqual({ ...finished, seeds: 120, todo: [{ from: 67, to: 127 }] });
  expect(typeof more !== 'string' && isComplete(more)).toBe(false);
});

it('refuses the file of a run from another seed, and fewer seeds than were asked for before', () => {
  keep(file, finished);
  expect(restore(file, 8, 60)).toContain('is not of a run from seed 8 on');
  expect(restore(file, 7, 50)).toContain('is of a run of 60 seeds');
});

it('goes on with a file that does not say what was asked for', () => {
  const kept = {
    tally: { ...emptyTally, seeds: 30 },
    lost: [{ from: 7, to: 17 }],
    todo: [{ from: 47, to: 67 }],
    seconds: 3,
  };
  writeFileSync(file, JSON.stringify(kept));
  expect(restore(file, 7, 60)).toEqual({ ...kept, from: 7, seeds: 60 });
  expect(restore(file, 7, 70)).toMatchObject({ seeds: 70, todo: [...kept.todo, { from: 67, to: 77 }] });
  expect(restore(file, 1, 60)).toContain('is not of a run from seed 1 on');
});

it('is complete when every seed was run or is known to be lost', () => {
  expect(isComplete(finished)).toBe(true);
  expect(isComplete({ ...finished, seeds: 61 })).toBe(false);
  expect(isComplete({ ...finished, seeds: 70, lost: [{ from: 67, to: 77 }] })).toBe(true);
});
