import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { inTurn } from './inTurn.ts';
import { redisLead } from './redisLead.ts';
import { taskOf } from './taskOf.ts';
import type { Task, TaskRecord } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

export interface RedisTaskStoreOptions {
  /** `redis://` or `rediss://`; may hold a user and a password. */
  readonly url: string;
  /** Begins every key of this deployment; default `voice-agent:`. */
  readonly prefix?: string;
  readonly clock: Clock;
  readonly log?: Logger;
  /** Milliseconds after which the lead of a silent process passes on; default 30,000. */
  readonly leadMs?: number;
}

/** Milliseconds until a command that is not answered has failed. */
const COMMAND_MS = 10_000;
/** Within a process changes of one task wait for each other, so that it is changed by few at a time: each gets its turn. */
const ATTEMPTS = 50;

/** KEYS: tasks, version. ARGV: job id, what it was ('' for nothing), what it becomes ('' for nothing). */
const SWAP = `
local now = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if now ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
redis.call('INCR', KEYS[2])
return 1`;

/** KEYS: tasks, version. ARGV: job id that goes, job id that comes, the task. */
const REPLACE = `
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('INCR', KEYS[2])
return 1`;

/** KEYS: heard, version. ARGV: job id. */
const HEARD = `
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('INCR', KEYS[2])
return 1`;

/**
 * Tasks in Redis, for processes on many machines. Keys, each with the deployment's prefix: `tasks`, a hash of job id to
 * task; `heard`, a set of the ids whose end was heard and which do not say so themselves yet; `version`, a counter;
 * `lead`, who asks the vendor. Every change is one atomic script. Tasks outlive a restart of Redis if it persists them
 * (`appendonly yes`).
 */
export function createRedisTaskStore(options: RedisTaskStoreOptions): TaskStore {
  const { clock, log } = options;
  const prefix = options.prefix ?? 'voice-agent:';
  const keys = { tasks: `${prefix}tasks`, heard: `${prefix}heard`, version: `${prefix}version` };
  const redis = new Redis(options.url, {
    commandTimeout: COMMAND_MS,
    connectTimeout: COMMAND_MS,
    maxRetriesPerRequest: 2,
  });
  const oneByOne = inTurn();
  let lastError = '';
  redis.on('error', (error) => {
    // It connects again by itself: one line for each different trouble.
    if (error.message !== lastError) log?.warn(`Redis: ${error.message}. Trying again.`);
    lastError = error.message;
  });
  redis.on('ready', () => {
    lastError = '';
  });

  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof VoiceAgentError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new VoiceAgentError(
        'VA_STORE',
        `The tasks in Redis cannot be used: check that the server of REDIS_URL is up and takes the password (${why}).`,
        { cause, retryable: true },
      );
    }
  };

  const taskIn = (jobId: string, text: string | null | undefined): Task | undefined => {
    if (!text) return undefined;
    try {
      return taskOf(jobId, JSON.parse(text), new Date());
    } catch {
      log?.warn(`The task ${jobId} in Redis is damaged: it is left out. HGET ${keys.tasks} shows it.`);
      return undefined;
    }
  };

  const read = async (jobId: string) => {
    const [isHeard, text] = await Promise.all([
      redis.sismember(keys.heard, jobId),
      redis.hget(keys.tasks, jobId),
    ]);
    const task = taskIn(jobId, text);
    return { text: text ?? '', task: task && isHeard === 1 ? asHeard(task) : task };
  };

  const swap = async (jobId: string, before: string, after: string): Promise<boolean> =>
    (await redis.eval(SWAP, 2, keys.tasks, keys.version, jobId, before, after)) === 1;

  const change = async (
    jobId: string,
    edit: (task: Task) => Partial<TaskRecord>,
  ): Promise<Task | undefined> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { text, task } = await read(jobId);
      if (!task) return undefined;
      const changes = edit(task);
      const changed = { ...task, ...changes };
      const after = textOf(changed);
      if (after === text) return task;
      if (await swap(jobId, text, after)) {
        if (changed.notice === 'heard') await redis.srem(keys.heard, jobId);
        return changed;
      }
      await sleep(clock, Math.random() * 5 * attempt);
    }
    throw new VoiceAgentError('VA_STORE', `The task ${jobId} is being changed all the time: try again.`, {
      retryable: true,
    });
  };

  return {
    all: () =>
      explained(async () => {
        // First the marks: one that is missing by now stands in the task that is read after it.
        const [heard, entries] = await Promise.all([redis.smembers(keys.heard), redis.hgetall(keys.tasks)]);
        const marked = new Set(heard);
        return Object.entries(entries).flatMap(([jobId, text]) => {
          const task = taskIn(jobId, text);
          return task ? [marked.has(jobId) ? asHeard(task) : task] : [];
        });
      }),

    get: (jobId) => explained(async () => (await read(jobId)).task),

    put: (task) =>
      explained(async () => {
        await redis.eval(REPLACE, 2, keys.tasks, keys.version, task.jobId, task.jobId, textOf(task));
      }),

    update: (jobId, edit) => explained(() => oneByOne(jobId, () => change(jobId, edit))),

    replace: (jobId, task) =>
      explained(async () => {
        await redis.eval(REPLACE, 2, keys.tasks, keys.version, jobId, task.jobId, textOf(task));
      }),

    remove: (jobId) =>
      explained(async () => {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
          const text = await redis.hget(keys.tasks, jobId);
          if (text === null || (await swap(jobId, text, ''))) break;
        }
      }),

    prune: (isOver) =>
      explained(async () => {
        let count = 0;
        for (const [jobId, text] of Object.entries(await redis.hgetall(keys.tasks))) {
          const task = taskIn(jobId, text);
          if (!task || !isOver(task) || !(await swap(jobId, text, ''))) continue;
          await redis.srem(keys.heard, jobId);
          count++;
        }
        return count;
      }),

    async heard(jobId) {
      // Given to the socket before this call returns; the task itself takes several turns.
      const marked = redis.eval(HEARD, 2, keys.heard, keys.version, jobId);
      await explained(async () => {
        await marked;
        await change(jobId, () => ({ notice: 'heard', claim: undefined }));
      });
    },

    version: () => explained(async () => (await redis.get(keys.version)) ?? '0'),

    lead: () =>
      explained(() =>
        redisLead(redis, `${prefix}lead`, { by: randomUUID(), ms: options.leadMs ?? 30_000, clock }),
      ),

    async close() {
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

/** The job id is the key; what is undefined is not written. */
function textOf({ jobId: _key, ...record }: Task): string {
  return JSON.stringify(record);
}

function asHeard({ claim: _over, ...task }: Task): Task {
  return { ...task, notice: 'heard' };
}
