import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createOfflineDoubleword } from '../../../src/offline/doubleword/offlineDoubleword.ts';
import { serve } from '../../../src/offline/serve.ts';
import { createJsonTaskStore } from '../../../src/tasks/jsonTaskStore.ts';
import { built } from '../../support/built.ts';

const TASKS = 100;
const POLL_MS = 250;
const WATCHED_MS = 3_000;
/** A long answer of the model, characters. */
const RESULT = 16_000;
/** It is below 20 where the process has a processor to itself; here other tests share caches and memory with it. */
const Polling = z.object({ polling: z.looseObject({ ms: z.number(), heldUpMs: z.number() }) });
const isShort = (ms: number) => ms < 150;

it('100 tasks in flight are one loop with few requests, and never hold the process up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-many-'));
  const path = join(folder, 'tasks_results.json');
  const vendor = createOfflineDoubleword({ turnaround: 'manual', populateMs: 0 });
  const server = await serve([vendor]);
  const script = await built('test/tasks/many/deskOfMany.ts');
  const child = spawn(process.execPath, [script, server.origin, path, String(TASKS), String(POLL_MS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? 'null');

  const submitting = await next();
  const from = vendor.control.requests.length;
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  const asked = vendor.control.requests.slice(from);
  child.stdin.write('go');
  const { polling } = Polling.parse(await next());
  for (const { id } of vendor.control.batches()) vendor.control.complete(id, 'x'.repeat(RESULT));
  const ending = await next();
  expect(await ended).toBe(0);

  // The process may have gone on for longer than we watched it.
  const rounds = polling.ms / POLL_MS;
  console.info(
    `${TASKS} tasks: ${(asked.length / rounds).toFixed(1)} requests an interval;`,
    JSON.stringify([submitting, polling, ending]),
  );
  expect(vendor.control.batches()).toHaveLength(TASKS);
  const tasks = await createJsonTaskStore(path).all();
  expect(
    tasks.filter(({ status, result }) => status === 'completed' && result?.length === RESULT),
  ).toHaveLength(TASKS);
  // The list has our jobs on two pages; what is not of this loop is not there at all.
  expect(asked.every(({ operation }) => operation === 'batches.list')).toBe(true);
  expect(asked.length).toBeLessThanOrEqual(2 * (rounds + 2));
  expect(asked.length).toBeGreaterThan(2);
  expect(polling.heldUpMs).toSatisfy(isShort);
  expect(ending).toMatchObject({ ending: { heldUpMs: expect.toSatisfy(isShort) } });
  await server.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);
