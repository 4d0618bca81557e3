import { randomUUID } from 'node:crypto';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { BatchApi } from './batchApi.ts';
import { keepClaim, type LeaseWorld, newClaim } from './lease.ts';
import { requestKey } from './sameRequest.ts';
import type { Task } from './taskRecord.ts';

export interface SubmissionsOptions extends LeaseWorld {
  readonly api: BatchApi;
  readonly log: Logger;
  /** Names this process among all that share the store. */
  readonly name: string;
  /** Milliseconds in which the same task is not submitted twice. */
  readonly sameTaskMs: number;
  /** Writes the job's id down in the place of the intent, and watches the job. */
  adopt(intent: Task, jobId: string): Promise<Task>;
}

export interface Submission {
  readonly task: Task;
  /** True when the same task was already submitted a moment ago and nothing new was started. */
  readonly duplicate: boolean;
}

interface Recent {
  readonly at: number;
  readonly submitting: Promise<Submission>;
}

const MOST_KEYS = 1_000;

/** Hands tasks to the vendor, each once: the intent is durable before the vendor hears of it. */
export class Submissions {
  readonly #options: SubmissionsOptions;
  readonly #recents = new Map<string, Recent>();
  /** Own ids of submissions whose end is unknown, the newest: a retry looks for them before it submits again. */
  readonly #unclear = new Map<string, string>();
  readonly #keys = new Map<string, string>();

  constructor(options: SubmissionsOptions) {
    this.#options = options;
  }

  async submit(owner: string, description: string, prompt: string, signal: AbortSignal): Promise<Submission> {
    const { clock, store, sameTaskMs } = this.#options;
    const key = requestKey(owner, description, prompt);
    for (let recent = this.#recents.get(key); recent; recent = this.#recents.get(key)) {
      if (clock.now() - recent.at >= sameTaskMs) break;
      const { jobId } = (await recent.submitting).task;
      const task = await store.get(jobId);
      if (task?.status === 'processing' || task?.status === 'completed') return { task, duplicate: true };
      // It failed since: trying again is what the user wants.
      if (this.#recents.get(key) === recent) this.#recents.delete(key);
    }
    this.#forgetOld();
    const submitting = this.#submitUnlessStored(key, { owner, description, prompt }, signal);
    const recent = { at: clock.now(), submitting };
    this.#recents.set(key, recent);
    submitting.catch(() => {
      if (this.#recents.get(key) === recent) this.#recents.delete(key);
    });
    return submitting;
  }

  /** Another process, or this one before a restart, may have been asked for the same. */
  async #submitUnlessStored(
    key: string,
    request: Pick<Task, 'owner' | 'description' | 'prompt'>,
    signal: AbortSignal,
  ): Promise<Submission> {
    const { store, today, sameTaskMs } = this.#options;
    const since = today().getTime() - sameTaskMs;
    const same = (await store.all()).find(
      (task) =>
        task.owner === request.owner &&
        Date.parse(task.createdAt) > since &&
        (task.status === 'processing' || task.status === 'completed') &&
        this.#keyOf(task) === key,
    );
    if (same) return { task: same, duplicate: true };
    return { task: await this.#place(key, request, signal), duplicate: false };
  }

  /** Normalising a long prompt takes a while, and those of the last minute are compared with every new one. */
  #keyOf({ taskId, owner, description, prompt }: Task): string {
    const known = this.#keys.get(taskId);
    if (known !== undefined) return known;
    if (this.#keys.size >= MOST_KEYS) this.#keys.clear();
    const key = requestKey(owner, description, prompt);
    if (taskId !== '') this.#keys.set(taskId, key);
    return key;
  }

  async #place(
    key: string,
    request: Pick<Task, 'owner' | 'description' | 'prompt'>,
    signal: AbortSignal,
  ): Promise<Task> {
    const { store, log, name, today } = this.#options;
    const taskId = this.#unclear.get(key) ?? `task-${randomUUID()}`;
    const intent: Task = {
      ...request,
      jobId: taskId,
      status: 'processing',
      result: null,
      taskId,
      createdAt: today().toISOString(),
      notice: 'none',
      // As long as we live, no other process takes it for a submission that was left behind.
      claim: newClaim(name, this.#options),
    };
    await store.put(intent);
    const stopKeeping = keepClaim(this.#options, taskId, name);
    let jobId: string | undefined;
    try {
      jobId = await this.#jobOf(key, intent, signal);
      const task = await this.#options.adopt(intent, jobId);
      this.#unclear.delete(key);
      return task;
    } catch (error) {
      stopKeeping();
      if (jobId !== undefined || signal.aborted) {
        // There is a job that could not be written down, or may be one: the intent stays, and whoever takes it up looks for it.
        if (jobId !== undefined) log.error(`Job ${jobId} could not be written down yet.`, { error });
        await store.update(taskId, () => ({ claim: undefined })).catch(() => {});
      } else {
        await store
          .remove(taskId)
          .catch((cause) =>
            log.error('A task that was not submitted stayed in the store.', { error: cause }),
          );
      }
      throw error;
    } finally {
      stopKeeping();
    }
  }

  async #jobOf(key: string, { taskId, prompt }: Task, signal: AbortSignal): Promise<string> {
    const { api } = this.#options;
    const found = this.#unclear.has(key) ? await api.find(taskId, signal) : undefined;
    if (found) return found.jobId;
    try {
      return (await api.submit({ taskId, prompt }, signal)).jobId;
    } catch (error) {
      this.#unclear.delete(key);
      const isRefused = error instanceof VoiceAgentError && !error.retryable;
      if (!isRefused) this.#unclear.set(key, taskId);
      const [oldest] = this.#unclear.keys();
      if (oldest !== undefined && this.#unclear.size > MOST_KEYS) this.#unclear.delete(oldest);
      throw error;
    }
  }

  #forgetOld(): void {
    const { clock, sameTaskMs } = this.#options;
    for (const [key, recent] of this.#recents) {
      if (clock.now() - recent.at >= sameTaskMs) this.#recents.delete(key);
    }
  }
}
