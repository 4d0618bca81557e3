import type { Redis } from 'ioredis';
import type { Clock } from '../time/clock.ts';
import type { Lead } from './taskStore.ts';

/** KEYS: lead. ARGV: who, ms. */
const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** KEYS: lead. ARGV: who. */
const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** A key that runs out after `ms` unless its holder renews it, as it does three times in that time. */
export async function redisLead(
  redis: Redis,
  key: string,
  { by, ms, clock }: { readonly by: string; readonly ms: number; readonly clock: Clock },
): Promise<Lead | undefined> {
  if ((await redis.set(key, by, 'PX', ms, 'NX')) !== 'OK') return undefined;
  let until = clock.now() + ms;
  let over = false;
  let cancelTimer = () => {};
  const renewLater = () => {
    cancelTimer = clock.setTimer(ms / 3, () => void renew());
  };
  const renew = async () => {
    const askedAt = clock.now();
    try {
      if ((await redis.eval(RENEW, 1, key, by, ms)) === 1) until = askedAt + ms;
      else over = true;
    } catch {
      // It may still be ours: the next time tells, or it runs out.
    }
    if (!over) renewLater();
  };
  renewLater();
  return {
    held: () => !over && clock.now() < until,
    async release() {
      over = true;
      cancelTimer();
      // What cannot be released runs out.
      await redis.eval(RELEASE, 1, key, by).catch(() => {});
    },
  };
}
