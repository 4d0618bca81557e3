import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import { sleep } from '../time/sleep.ts';
import type { BatchApi } from './batchApi.ts';
import { finishTask } from './finishTask.ts';
import { isClaimed, keepClaim, type LeaseWorld, newClaim } from './lease.ts';
import type { Task } from './taskRecord.ts';

export interface Recovery extends LeaseWorld {
  readonly api: BatchApi;
  readonly log: Logger;
  /** Writes the job's id down in the place of the intent, and watches the job. */
  adopt(intent: Task, jobId: string): Promise<Task>;
  tell(task: Task): void;
}

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 300_000;

/**
 * A process ended between writing an intent down and learning its job's id. Whoever claims the intent asks the vendor for our
 * own id first; only when it has no such job is the task submitted again. Resolves with false when another process has it.
 */
export async function recoverIntent(
  intent: Task,
  by: string,
  world: Recovery,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, today } = world;
  const claimed = await store.update(intent.jobId, (task) =>
    isClaimed(task, today()) ? {} : { claim: newClaim(by, world) },
  );
  if (claimed?.claim?.by !== by || claimed.status !== 'processing') return false;
  const stopKeeping = keepClaim(world, intent.jobId, by);
  try {
    await recoverClaimed(intent, world, signal);
    return true;
  } finally {
    stopKeeping();
    // Stopped in the middle: the next process need not wait for the claim to run out.
    if (signal.aborted) await store.update(intent.jobId, () => ({ claim: undefined }));
  }
}

async function recoverClaimed(intent: Task, world: Recovery, signal: AbortSignal): Promise<void> {
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
