import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { createJsonTaskStore } from './jsonTaskStore.ts';
import type { TaskStore } from './taskStore.ts';

/** Tasks in Redis when there is one, for many machines; otherwise in a file of this one. */
export async function openTaskStore(options: {
  /** Full path of the JSON file. */
  readonly path: string;
  readonly redisUrl: string | undefined;
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<TaskStore> {
  const { path, redisUrl, clock, log } = options;
  // Whoever leads shows that it lives well within this time.
  const leadMs = Math.max(30_000, 3 * options.pollIntervalMs);
  if (redisUrl === undefined) return createJsonTaskStore(path, { log, leadStaleMs: leadMs });
  // Loaded only where it is used.
  const { createRedisTaskStore } = await import('./redisTaskStore.ts');
  return createRedisTaskStore({ url: redisUrl, clock, log, leadMs });
}
