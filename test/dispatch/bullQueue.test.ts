import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBullQueue } from '../../src/dispatch/bullQueue.ts';
import { openDispatchStore } from '../../src/dispatch/dispatchStore.ts';
import type { JobQueue } from '../../src/dispatch/jobQueue.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redisServer.ts';
import { describeJobQueue, job, Runs } from './jobQueueContract.ts';

/** Longer than a busy machine keeps this process, which holds all servers, from renewing a lock. */
const LOCK_MS = 2_000;

describe.skipIf(!hasRedis())('with Redis', () => {
  let redis: TestRedis;
  const connections: Redis[] = [];
  let serial = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.disconnect();
  });
  afterAll(() => redis.stop());

  function connect(): Redis {
    const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    connection.on('error', () => {});
    connections.push(connection);
    return connection;
  }

  const server = (prefix: string, lockMs?: number): { queue: JobQueue; kill: () => void } => {
    const commands = connect();
    const blocking = connect();
    const queue = createBullQueue({
      commands,
      blocking,
      prefix,
      log,
      ...(lockMs === undefined ? {} : { lockMs, stalledLookMs: lockMs / 4 }),
    });
    return { queue, kill: () => [commands, blocking].map((one) => one.disconnect()) };
  };

  describeJobQueue('the queue in Redis', async () => server(`test-${serial++}`).queue);

  it('two servers share the jobs, and one room is never run by both', async () => {
    const prefix = `test-${serial++}`;
    const [one, two] = [server(prefix).queue, server(prefix).queue];
    const runs = [new Runs(), new Runs()];
    one.start(runs[0]?.run ?? (async () => {}), 20);
    two.start(runs[1]?.run ?? (async () => {}), 20);
    const both = [one, two];
    await Promise.all(
      Array.from({ length: 120 }, (_, i) => both[i % 2]?.add(job(`RM_${Math.floor(i / 4)}`))),
    );
    await expect.poll(() => runs.flatMap(({ started }) => started).length).toBeGreaterThanOrEqual(30);
    const sids = runs.flatMap(({ started }) => started.map((run) => run.job.roomSid));
    expect(new Set(sids).size).toBe(sids.length);
    expect(sids).toHaveLength(30);
    for (const run of runs) run.endAll();
    await Promise.all([one.close(), two.close()]);
  });

  it('holds a job for as long as its call lasts, far beyond the lock', async () => {
    const prefix = `test-${serial++}`;
    const [one, two] = [server(prefix, LOCK_MS).queue, server(prefix, LOCK_MS).queue];
    const [first, second] = [new Runs(), new Runs()];
    one.start(first.run, 5);
    await one.add(job('RM_1'));
    await first.began(1);
    two.start(second.run, 5);
    await new Promise((resolve) => setTimeout(resolve, 2.5 * LOCK_MS));
    expect(second.started).toHaveLength(0);
    first.endAll();
    await Promise.all([one.close(), two.close()]);
  });

  it('another server runs the job of one that died, as a further attempt', async () => {
    const prefix = `test-${serial++}`;
    const [one, two] = [server(prefix, LOCK_MS), server(prefix, LOCK_MS)];
    const [first, second] = [new Runs(), new Runs()];
    one.queue.start(first.run, 5);
    await one.queue.add(job('RM_1'));
    await first.began(1);
    expect(first.started[0]?.context.wasLost).toBe(false);
    // What a dead machine looks like from outside: its connections are gone and never come back.
    one.kill();
    two.queue.start(second.run, 5);
    await expect.poll(() => second.started.length, { timeout: 30_000 }).toBe(1);
    expect(second.started[0]?.job.roomSid).toBe('RM_1');
    expect(second.started[0]?.context).toMatchObject({ attempt: 2, wasLost: true });
    second.endAll();
    await two.queue.close();
  });

  it('says REDIS_URL when nothing answers there', async () => {
    const opening = openDispatchStore({ redisUrl: 'redis://127.0.0.1:1', clock, log });
    await expect(opening).rejects.toMatchObject({
      code: 'VA_QUEUE',
      message: expect.stringContaining('REDIS_URL'),
    });
  });
});
