import { Redis } from 'ioredis';
import { VoiceAgentError } from '../errors.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { Clock } from '../time/clock.ts';
import { createBullQueue } from './bullQueue.ts';
import type { DispatchMemory } from './dispatchMemory.ts';
import type { JobQueue } from './jobQueue.ts';
import { createProcessMemory } from './processMemory.ts';
import { createProcessQueue } from './processQueue.ts';
import { createRedisMemory } from './redisMemory.ts';

/** Before all our keys, so that a Redis can serve others too. */
const PREFIX = 'voice-agent';
const CONNECT_WITHIN_MS = 5_000;
const LONGEST_PAUSE_MS = 5_000;

/** Where jobs and what is remembered are kept. */
export interface DispatchStore {
  readonly queue: JobQueue;
  readonly memory: DispatchMemory;
  /** Why it cannot be used at this moment; undefined: it can. */
  trouble(): string | undefined;
  /** Closes the queue, which waits for running jobs, and the connections. */
  close(): Promise<void>;
}

export interface DispatchStoreOptions {
  /** Shared by several servers; without it everything stays in this process. */
  readonly redisUrl?: string | undefined;
  readonly prefix?: string;
  readonly clock: Clock;
  readonly log: RoomLog;
}

/** Rejects with `VA_QUEUE` when there is a `redisUrl` and nothing answers there. */
export async function openDispatchStore(options: DispatchStoreOptions): Promise<DispatchStore> {
  const { redisUrl, clock, log, prefix = PREFIX } = options;
  if (redisUrl === undefined) {
    const queue = createProcessQueue({ clock, log });
    return {
      queue,
      memory: createProcessMemory({ clock }),
      trouble: () => undefined,
      close: () => queue.close(),
    };
  }
  const commands = await connect(redisUrl, log);
  const blocking = commands.duplicate({ maxRetriesPerRequest: null });
  blocking.on('error', () => {});
  const queue = createBullQueue({ commands, blocking, prefix, log });
  return {
    queue,
    memory: createRedisMemory(commands, prefix),
    trouble: () => (commands.status === 'ready' ? undefined : 'Redis does not answer: check REDIS_URL'),
    async close() {
      await queue.close();
      commands.disconnect();
      blocking.disconnect();
    },
  };
}

async function connect(url: string, log: RoomLog): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_WITHIN_MS,
    // A webhook's job is not worth waiting for: the next look at the room list finds what was lost.
    maxRetriesPerRequest: 2,
    retryStrategy: (times) => Math.min(100 * 2 ** times, LONGEST_PAUSE_MS),
  });
  let said = '';
  redis.on('error', (error: Error) => {
    if (error.message !== said) log.warn('Redis does not answer: check REDIS_URL', { error });
    said = error.message;
  });
  redis.on('ready', () => {
    said = '';
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new VoiceAgentError(
      'VA_QUEUE',
      `Redis at ${new URL(url).host} could not be reached: check REDIS_URL and that Redis is running, or leave ` +
        'REDIS_URL out for a server that works alone.',
      { cause: error, retryable: true },
    );
  }
}
