import { VoiceAgentError } from '../errors.ts';
import { createTaskDesk } from '../tasks/taskDesk.ts';
import type { Task } from '../tasks/taskRecord.ts';
import type { TaskStore } from '../tasks/taskStore.ts';
import { sleep } from '../time/sleep.ts';
import { systemClock } from '../time/systemClock.ts';
import { taskNamed, withTasks } from './openTasks.ts';
import { progressLine } from './progressLine.ts';
import { stopSignal } from './stopSignal.ts';

const LOOK_MS = 500;

/**
 * `voice-agent tasks wait <job id>`: resolves when the task is completed; rejects when it ended otherwise, or not in time.
 * Where no agent runs, it asks the batch service itself and writes the result down.
 */
export async function waitForTask(wanted: string, options: { timeout: number | undefined }): Promise<void> {
  const stop = stopSignal();
  const task = await withTasks(async ({ config, store, log, api }) => {
    const asked = await taskNamed(store, wanted);
    // One more process on the store: it asks the vendor only while no other one does.
    const desk = config.doubleword.apiKey === undefined ? undefined : deskOn();
    await desk?.start();
    try {
      return await ended(store, asked, stop, options.timeout);
    } finally {
      await desk?.stop();
    }

    function deskOn() {
      const { pollIntervalMs } = config.doubleword;
      return createTaskDesk({ api: api(), store, clock: systemClock, log, pollIntervalMs });
    }
  });
  if (!task) return;
  if (task.status !== 'completed') {
    throw new VoiceAgentError(
      'VA_BATCH_FAILED',
      `'${task.description}' has ${task.status}: ${task.result ?? 'no reason is known'}`,
    );
  }
  process.stdout.write(
    `'${task.description}' is completed. Its result: voice-agent tasks show ${task.jobId}\n`,
  );
}

/** The task when it has ended; undefined when `stop` came first. */
async function ended(
  store: TaskStore,
  asked: Task,
  stop: AbortSignal,
  timeout: number | undefined,
): Promise<Task | undefined> {
  const progress = progressLine(process.stderr);
  const until = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout * 1000;
  try {
    while (!stop.aborted) {
      const task = await current(store, asked);
      if (task.status !== 'processing') return task;
      if (performance.now() > until) {
        throw new VoiceAgentError(
          'VA_BATCH_FAILED',
          `'${task.description}' is still running after ${timeout} s.`,
        );
      }
      progress.show(`'${task.description}' is running, ${age(task)}`);
      await sleep(systemClock, LOOK_MS, stop);
    }
    return undefined;
  } finally {
    progress.end();
  }
}

/** A task that was still being handed over has another id by now. */
async function current(store: TaskStore, { jobId, taskId }: Task): Promise<Task> {
  const found =
    (await store.get(jobId)) ?? (await store.all()).find((task) => taskId !== '' && task.taskId === taskId);
  if (found) return found;
  throw new VoiceAgentError('VA_STORE', `the task ${jobId} is not there any more.`);
}

function age({ createdAt }: Task): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(createdAt)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds - 60 * minutes} s`;
}
