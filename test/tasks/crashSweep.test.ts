import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltChild, buildChild } from '../../bench/crashes/buildChild.ts';
import { crashRun } from '../../bench/crashes/crashRun.ts';
import { sweep, wrongWith } from '../../bench/crashes/sweep.ts';

/** `npm run bench -- crashes` takes every point, and pairs of them; here every so many-th has to do. */
const EVERY = 4;

describe('a task whose process is killed', { timeout: 120_000 }, () => {
  let child: BuiltChild;
  let points: readonly string[];

  beforeAll(async () => {
    child = await buildChild();
    ({ points } = await crashRun(child.file, [0]));
  });
  afterAll(() => child.remove());

  it('passes every kind of write and request', () => {
    const kinds = ['POST /v1/files', 'POST /v1/batches', 'GET /v1/batches/ID', 'GET /v1/files/ID/content'];
    for (const kind of [...kinds, 'sync', 'rename', 'the last key word', 'unlink'])
      expect(points.some((point) => point.startsWith(kind))).toBe(true);
    expect(points.length).toBeGreaterThan(50);
  });

  it('is made, kept and told once, wherever that happens', async () => {
    const plan = points.flatMap((what, i) =>
      i % EVERY === 0 || /word|\/v1\/batches, (sent|answered)/.test(what) ? [[i + 1]] : [],
    );
    const runs = await sweep(child.file, plan, { atOnce: 8 });
    expect(runs.flatMap((run) => wrongWith(run) ?? [])).toEqual([]);
    expect(runs.filter(({ killed }) => killed[0]).length).toBeGreaterThan(plan.length / 2);
  });
});
