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
  /** A task has ended, and its owner is to be told. */
  onEnded(): void;
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
      const job = found ?? (await submitAgain(intent, world, signal));
      if (!job) return;
      await world.adopt(intent, job.jobId);
      log.info(
        `Task "${intent.description}" was ${found ? 'found again' : 'submitted again'} as job ${job.jobId}.`,
      );
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.warn(`Task "${intent.description}" cannot be recovered yet.`, { error });
      await sleep(clock, wait, signal);
    }
  }
}

/** Only the vendor's refusal of this very task is final, and told; undefined then. What cannot be looked up can be later. */
async function submitAgain(
  intent: Task,
  { api, store, log, today, onEnded }: Recovery,
  signal: AbortSignal,
): Promise<{ readonly jobId: string } | undefined> {
  try {
    return await api.submit(intent, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof VoiceAgentError) || error.retryable) throw error;
    log.warn(`Task "${intent.description}" could not be submitted: ${error.message}`);
    if (await finishTask(store, intent.jobId, 'failed', error.message, today())) onEnded();
    return undefined;
  }
}
