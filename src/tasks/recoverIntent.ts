import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { BatchApi } from './batchApi.ts';
import { finishTask } from './finishTask.ts';
import type { Task } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

export interface Recovery {
  readonly api: BatchApi;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly today: () => Date;
  /** Writes the job's id down in the place of the intent, and watches the job. */
  adopt(intent: Task, jobId: string): Promise<Task>;
  tell(task: Task): void;
}

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 300_000;

/**
 * A process ended between writing an intent down and learning its job's id. The vendor is asked for our own id
 * first; only when it has no such job is the task submitted again.
 */
export async function recoverIntent(intent: Task, world: Recovery, signal: AbortSignal): Promise<void> {
  const { api, clock, log } = world;
  for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      const found = await api.find(intent.taskId, signal);
      const { jobId } = found ?? (await api.submit(intent, signal));
      await world.adopt(intent, jobId);
      log.info(
        `Task "${intent.description}" was ${found ? 'found again' : 'submitted again'} as job ${jobId}.`,
      );
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof VoiceAgentError && !error.retryable) {
        log.warn(`Task "${intent.description}" could not be submitted: ${error.message}`);
        const task = await finishTask(world.store, intent.jobId, 'failed', error.message, world.today());
        if (task) world.tell(task);
        return;
      }
      log.warn(`Task "${intent.description}" cannot be submitted yet.`, { error });
      await sleep(clock, wait, signal);
    }
  }
}
