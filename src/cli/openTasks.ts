import type { Config } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { secretsOf } from '../config/secretsOf.ts';
import { VoiceAgentError } from '../errors.ts';
import type { BatchApi } from '../tasks/batchApi.ts';
import { createDoubleword } from '../tasks/doubleword.ts';
import { openTaskStore } from '../tasks/openTaskStore.ts';
import type { Task } from '../tasks/taskRecord.ts';
import type { TaskStore } from '../tasks/taskStore.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import { systemClock } from '../time/systemClock.ts';

export interface OpenTasks {
  readonly config: Config;
  readonly store: TaskStore;
  readonly log: Logger;
  /** The batch service; rejects when there is no key for it. */
  api(): BatchApi;
}

/** Runs `work` on the tasks that the agent has, also while it runs. */
export async function withTasks<T>(work: (tasks: OpenTasks) => Promise<T>): Promise<T> {
  const config = loadConfig(readEnvironment(), { mode: 'tasks' });
  const { doubleword, files, dispatch } = config;
  // What is asked for goes to the standard output, and nothing else.
  const log = createLogger({
    level: config.logLevel === 'debug' ? 'debug' : 'warn',
    secrets: secretsOf(config),
    destination: process.stderr,
  });
  const store = await openTaskStore({
    path: files.tasks,
    redisUrl: dispatch.redisUrl,
    pollIntervalMs: doubleword.pollIntervalMs,
    clock: systemClock,
    log,
  });
  const api = () => {
    const { apiKey } = doubleword;
    if (apiKey !== undefined) return createDoubleword({ ...doubleword, apiKey, clock: systemClock, log });
    throw new VoiceAgentError(
      'VA_CONFIG',
      'DOUBLEWORD_API_KEY is missing: set it, because the batch service has to be told.',
    );
  };
  try {
    return await work({ config, store, log, api });
  } finally {
    await store.close();
  }
}

/** The task with this job id, or with the only one that begins so. Rejects when there is none, or several. */
export async function taskNamed(store: TaskStore, wanted: string): Promise<Task> {
  const tasks = await store.all();
  const exact = tasks.find(({ jobId, taskId }) => jobId === wanted || taskId === wanted);
  const alike = exact ? [exact] : tasks.filter(({ jobId }) => wanted !== '' && jobId.startsWith(wanted));
  const [task] = alike;
  if (task && alike.length === 1) return task;
  throw new VoiceAgentError(
    'VA_STORE',
    task
      ? `${alike.length} tasks begin with ${wanted}: give more of the job id.`
      : `there is no task ${wanted}: "voice-agent tasks list" shows all.`,
  );
}
