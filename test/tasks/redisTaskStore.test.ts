import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRedisTaskStore } from '../../src/tasks/redisTaskStore.ts';
import type { TaskStore } from '../../src/tasks/taskStore.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { createLinesLogger } from '../support/linesLogger.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redisServer.ts';
import { aTask } from './aTask.ts';
import { taskStoreContract } from './taskStore.contract.ts';

describe.skipIf(!hasRedis())('the Redis task store', () => {
  let redis: TestRedis;
  let places = 0;
  const stores: TaskStore[] = [];
  const openAt = (prefix: string, leadMs = 30_000) => {
    const store = createRedisTaskStore({ url: redis.url, prefix, clock: systemClock, leadMs });
    stores.push(store);
    return store;
  };

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  afterAll(() => redis.stop());

  taskStoreContract(async () => {
    const prefix = `place-${places++}:`;
    return { store: openAt(prefix), another: () => openAt(prefix) };
  });

  it('keeps deployments with other prefixes apart', async () => {
    await openAt('one:').put(aTask());
    expect(await openAt('two:').all()).toEqual([]);
  });

  it('passes the lead of a silent process on', async () => {
    const store = openAt('lead:', 2_000);
    const other = openAt('lead:', 2_000);
    // Its connection is there before the lead is taken, which does not last for ever.
    await other.all();
    await store.lead();
    // A process that is killed says nothing any more: nor does a connection that is closed.
    await store.close();
    expect(await other.lead()).toBeUndefined();
    await expect.poll(async () => (await other.lead()) !== undefined, { timeout: 10_000 }).toBe(true);
  });

  it('keeps the lead of a living one', async () => {
    // Longer than a busy machine keeps this process waiting.
    const lead = await openAt('alive:', 1_500).lead();
    const other = openAt('alive:', 1_500);
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await other.lead()).toBeUndefined();
    }
    expect(lead?.held()).toBe(true);
  });

  it('names its cure, and no password, when there is no server', async () => {
    const log = createLinesLogger();
    const url = 'redis://user:secret-word@127.0.0.1:1';
    const store = createRedisTaskStore({ url, clock: systemClock, log });
    stores.push(store);
    const error: unknown = await store.all().catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'VA_STORE',
      retryable: true,
      message: expect.stringContaining('REDIS_URL'),
    });
    expect(`${String(error)} ${log.lines.join()}`).not.toContain('secret-word');
  });
});
