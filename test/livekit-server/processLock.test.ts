import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processLock } from '../../src/livekit-server/processLock.ts';
import { systemClock } from '../../src/time/systemClock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Looks again at once instead of after a while. */
const clock = {
  now: systemClock.now,
  setTimer: (_ms: number, fn: () => void) => systemClock.setTimer(1, fn),
};
const take = (options: { signal?: AbortSignal; onWait?: (pid: number) => void } = {}) =>
  processLock(join(folder, 'lock'), { clock, onWait: () => {}, ...options });

it('many at once, in one process too, hold it one after the other and leave nothing', async () => {
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const release = await take();
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
      await release();
    }),
  );
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

it('of many that find the lock of a dead process, one has it at a time', async () => {
  writeFileSync(join(folder, 'lock'), '4999999');
  let holders = 0;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const release = await take();
      holders += 1;
      expect(holders).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      holders -= 1;
      await release();
    }),
  );
  expect(readdirSync(folder)).toEqual([]);
});

it('tells once whom it waits for, and an abort ends the wait', async () => {
  const release = await take();
  const abort = new AbortController();
  const waits: number[] = [];
  const waiting = take({
    signal: abort.signal,
    onWait: (pid) => {
      waits.push(pid);
      setTimeout(() => abort.abort(), 20);
    },
  });
  await expect(waiting).rejects.toThrow(/abort/i);
  expect(waits).toEqual([process.pid]);
  await release();
});
