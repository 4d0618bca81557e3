import type { Redis } from 'ioredis';
import { type DispatchMemory, SERVED_TTL_MS } from './dispatchMemory.ts';

/** Redis keeps no empty set: this stands for "a call was held". */
const HELD = '';

/** The memory that all servers on one Redis share. Rejects when Redis does not answer. */
export function createRedisMemory(redis: Redis, prefix: string): DispatchMemory {
  const servedKey = (roomSid: string) => `${prefix}:served:${roomSid}`;
  return {
    async first(key, ttlMs) {
      return (await redis.set(`${prefix}:first:${key}`, '1', 'PX', Math.round(ttlMs), 'NX')) === 'OK';
    },
    async served(roomSid) {
      const members = await redis.smembers(servedKey(roomSid));
      return members.length === 0 ? undefined : new Set(members);
    },
    async markServed(roomSid, people) {
      const key = servedKey(roomSid);
      await redis
        .multi()
        .sadd(key, HELD, ...people)
        .pexpire(key, SERVED_TTL_MS)
        .exec();
    },
  };
}
