import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJsonTaskStore } from '../../../src/tasks/jsonTaskStore.ts';
import { createRedisTaskStore } from '../../../src/tasks/redisTaskStore.ts';
import type { TaskStore } from '../../../src/tasks/taskStore.ts';
import { systemClock } from '../../../src/time/systemClock.ts';
import { built } from '../../support/built.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redisServer.ts';
import { waitUntil } from '../../support/waitUntil.ts';
import { aTask } from '../aTask.ts';

interface Process {
  readonly child: ChildProcess;
  readonly lines: string[];
}

function start(script: string, work: string, place: string, name: string): Process {
  const child = spawn(process.execPath, [script, work, place, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return { child, lines };
}

/** Two processes do the same work on the same place, from the same moment. */
async function both(work: string, place: string): Promise<readonly Process[]> {
  const script = await built('test/tasks/processes/oneOfTwo.ts');
  const two = ['one', 'two'].map((name) => start(script, work, place, name));
  const ended = two.map(({ child }) => new Promise((resolve) => child.once('close', resolve)));
  await waitUntil('both are ready', () => two.every(({ lines }) => lines.includes('ready')), 30_000);
  for (const { child } of two) child.stdin?.end('go');
  expect(await Promise.all(ended)).toEqual([0, 0]);
  return two;
}

/** What holds of two processes on one store. */
function twoProcesses(open: () => Promise<{ place: string; store: TaskStore }>): void {
  it('lose none of 1,000 concurrent writes', async () => {
    const { place, store } = await open();
    await store.put(aTask({ jobId: 'counter', prompt: '0' }));
    await both('count', place);
    expect((await store.get('counter'))?.prompt).toBe('1000');
  }, 60_000);

  it('tell each of 40 ends once, both having the same caller', async () => {
    const { place, store } = await open();
    const ids = Array.from({ length: 40 }, (_, i) => `job-${i}`);
    for (const jobId of ids) await store.put(aTask({ jobId, status: 'completed', notice: 'pending' }));
    const two = await both('tell', place);
    const told = two.flatMap(({ lines }) => lines.filter((line) => line.startsWith('told ')));
    expect(told.sort()).toEqual(ids.map((jobId) => `told ${jobId}`).sort());
    expect((await store.all()).every(({ notice }) => notice === 'heard')).toBe(true);
  }, 60_000);
}

describe('two processes on one file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-agent-two-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  let places = 0;
  twoProcesses(async () => {
    const place = join(folder, `tasks-${places++}.json`);
    return { place, store: createJsonTaskStore(place) };
  });

  it('leave nothing beside it', async () => {
    expect((await readdir(folder)).sort()).toEqual(['tasks-0.json', 'tasks-1.json']);
  });
});

describe.skipIf(!hasRedis())('two processes on one Redis', () => {
  let redis: TestRedis;
  const stores: TaskStore[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const store of stores) await store.close();
    await redis.stop();
  });

  twoProcesses(async () => {
    const store = createRedisTaskStore({ url: redis.url, clock: systemClock });
    stores.push(store);
    for (const { jobId } of await store.all()) await store.remove(jobId);
    return { place: redis.url, store };
  });
});
