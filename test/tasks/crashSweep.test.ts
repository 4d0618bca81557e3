import { beforeAll, describe, expect, it } from 'vitest';
import { crashRun } from '../../bench/crashes/crashRun.ts';
import { sweep, wrongWith } from '../../bench/crashes/sweep.ts';
import { built } from '../support/built.ts';

/** `npm run bench -- crashes` takes every point, and pairs of them; here every so many-th has to do. */
const EVERY = 6;

describe('a task whose process is killed', { timeout: 120_000 }, () => {
  let child: string;
  let points: readonly string[];

  beforeAll(async () => {
    child = await built('bench/crashes/child.ts');
    ({ points } = await crashRun(child, [0]));
  });

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
    const runs = await sweep(child, plan, { atOnce: 8 });
    expect(runs.flatMap((run) => wrongWith(run) ?? [])).toEqual([]);
    expect(runs.filter(({ killed }) => killed[0]).length).toBeGreaterThan(plan.length / 2);
  });
});
