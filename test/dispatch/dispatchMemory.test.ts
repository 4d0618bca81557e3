import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DispatchMemory } from '../../src/dispatch/dispatchMemory.ts';
import { createProcessMemory } from '../../src/dispatch/processMemory.ts';
import { createRedisMemory } from '../../src/dispatch/redisMemory.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redisServer.ts';
import { VirtualClock } from '../support/virtualClock.ts';

function describeMemory(name: string, make: () => DispatchMemory): void {
  describe(name, () => {
    it('says "first" to one caller only, however many ask at once', async () => {
      const memory = make();
      const answers = await Promise.all(Array.from({ length: 20 }, () => memory.first('EV_1', 60_000)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await memory.first('EV_1', 60_000)).toBe(false);
      expect(await memory.first('EV_2', 60_000)).toBe(true);
    });

    it('forgets after the time that was asked for', async () => {
      const memory = make();
      expect(await memory.first('EV_1', 40)).toBe(true);
      await expect.poll(() => memory.first('EV_1', 40), { timeout: 2_000 }).toBe(true);
    });

    it('knows who had their call, and tells that from no call at all', async () => {
      const memory = make();
      expect(await memory.served('RM_1')).toBeUndefined();
      await memory.markServed('RM_1', []);
      const held = await memory.served('RM_1');
      expect(held?.has('ada')).toBe(false);
      await memory.markServed('RM_1', ['ada', 'bob']);
      await memory.markServed('RM_1', ['cy']);
      const served = await memory.served('RM_1');
      expect(['ada', 'bob', 'cy', 'dee'].map((sid) => served?.has(sid))).toEqual([true, true, true, false]);
      expect(await memory.served('RM_2')).toBeUndefined();
    });
  });
}

describeMemory('the memory of one process', () => createProcessMemory({ clock: systemClock }));

it('the memory of one process is bounded: the oldest is forgotten', async () => {
  const memory = createProcessMemory({ clock: new VirtualClock(), most: 100 });
  for (let i = 0; i < 150; i++) await memory.first(`EV_${i}`, 1e9);
  expect(await memory.first('EV_149', 1e9)).toBe(false);
  expect(await memory.first('EV_0', 1e9)).toBe(true);
});

describe.skipIf(!hasRedis())('with Redis', () => {
  let server: TestRedis;
  let redis: Redis;
  let serial = 0;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  describeMemory('the memory in Redis', () => createRedisMemory(redis, `test-${serial++}`));
});
