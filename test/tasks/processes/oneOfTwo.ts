import { createDeliveries } from '../../../src/tasks/deliveries.ts';
import { createJsonTaskStore } from '../../../src/tasks/jsonTaskStore.ts';
import { createRedisTaskStore } from '../../../src/tasks/redisTaskStore.ts';
import { silentLogger } from '../../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../../src/time/systemClock.ts';

/** One of two processes that share a task file or a Redis. Starts when a byte comes in, so that both start together. */
const [work, place = '', name = ''] = process.argv.slice(2);
const store = place.startsWith('redis:')
  ? createRedisTaskStore({ url: place, clock: systemClock })
  : createJsonTaskStore(place);
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));

const LANES = 20;
const PER_LANE = 25;

if (work === 'count') {
  // 500 increments of a number that both change.
  const lane = async () => {
    for (let i = 0; i < PER_LANE; i++) {
      await store.update('counter', ({ prompt }) => ({ prompt: String(Number(prompt) + 1) }));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
} else {
  const world = { store, clock: systemClock, log: silentLogger, today: () => new Date() };
  const deliveries = createDeliveries({ ...world, name, leaseMs: 30_000, lookMs: 20 });
  deliveries.follow('ann', ({ jobId }) => {
    process.stdout.write(`told ${jobId}\n`);
    void deliveries.heard(jobId);
  });
  while ((await store.all()).some(({ notice }) => notice !== 'heard')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await deliveries.stop();
}
await store.close();
process.exit(0);
