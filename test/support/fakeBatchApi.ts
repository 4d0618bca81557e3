import { VoiceAgentError } from '../../src/errors.ts';
import type { BatchApi, BatchRequest, BatchResult, BatchSnapshot } from '../../src/tasks/batchApi.ts';

interface FakeJob {
  snapshot: BatchSnapshot;
  result: BatchResult;
}

/** A batch service in memory that a test finishes by hand, and whose calls can be made to fail. */
export class FakeBatchApi implements BatchApi {
  readonly jobs = new Map<string, FakeJob>();
  /** Every call, as `name argument`, oldest first. */
  readonly calls: string[] = [];
  /** Errors for the next calls of a method, in order. */
  readonly failures: { method: keyof BatchApi; error: unknown; afterDoing?: boolean }[] = [];
  /** When set, calls of this method wait until the promise resolves. */
  readonly holds = new Map<keyof BatchApi, Promise<void>>();
  busy = 0;
  mostBusy = 0;

  finish(jobId: string, text: string): void {
    this.set(jobId, { status: 'completed', vendorStatus: 'completed' }, { ok: true, text });
  }

  fail(jobId: string, reason: string): void {
    this.set(jobId, { status: 'failed', vendorStatus: 'failed' }, { ok: false, reason });
  }

  set(jobId: string, change: Partial<BatchSnapshot>, result?: BatchResult): void {
    const job = this.jobs.get(jobId);
    if (!job) throw new Error(`no job ${jobId}`);
    job.snapshot = { ...job.snapshot, ...change };
    if (result) job.result = result;
  }

  submit(request: BatchRequest): Promise<{ jobId: string }> {
    return this.#call('submit', request.taskId, () => {
      const jobId = `job-${this.jobs.size + 1}`;
      const snapshot: BatchSnapshot = {
        jobId,
        taskId: request.taskId,
        status: 'running',
        vendorStatus: 'in_progress',
        outputFileId: 'out',
        errorFileId: 'err',
      };
      this.jobs.set(jobId, { snapshot, result: { ok: false, reason: 'It is not done.' } });
      return { jobId };
    });
  }

  retrieve(jobId: string): Promise<BatchSnapshot> {
    return this.#call('retrieve', jobId, () => {
      const gone = { jobId, status: 'gone', vendorStatus: 'unknown' } as const;
      return this.jobs.get(jobId)?.snapshot ?? { ...gone, outputFileId: undefined, errorFileId: undefined };
    });
  }

  find(taskId: string): Promise<BatchSnapshot | undefined> {
    return this.#call('find', taskId, () =>
      [...this.jobs.values()].map((job) => job.snapshot).find((snapshot) => snapshot.taskId === taskId),
    );
  }

  list(count: number): Promise<readonly BatchSnapshot[]> {
    return this.#call('list', String(count), () =>
      [...this.jobs.values()]
        .map((job) => job.snapshot)
        .reverse()
        .slice(0, count),
    );
  }

  result(snapshot: BatchSnapshot): Promise<BatchResult> {
    return this.#call('result', snapshot.jobId, () => {
      const job = this.jobs.get(snapshot.jobId);
      return job?.result ?? { ok: false, reason: 'The result is gone.' };
    });
  }

  cancel(jobId: string): Promise<BatchSnapshot> {
    return this.#call('cancel', jobId, () => {
      this.set(jobId, { status: 'cancelled', vendorStatus: 'cancelled' });
      const job = this.jobs.get(jobId);
      if (!job) throw new VoiceAgentError('VA_BATCH_FAILED', 'There is no such job.');
      return job.snapshot;
    });
  }

  async check(): Promise<void> {
    await this.#call('check', '', () => undefined);
  }

  async #call<T>(method: keyof BatchApi, argument: string, work: () => T): Promise<T> {
    this.calls.push(`${method} ${argument}`);
    this.busy++;
    this.mostBusy = Math.max(this.mostBusy, this.busy);
    try {
      await this.holds.get(method);
      const at = this.failures.findIndex((failure) => failure.method === method);
      if (at < 0) return work();
      const [failure] = this.failures.splice(at, 1);
      if (failure?.afterDoing) work();
      throw failure?.error;
    } finally {
      this.busy--;
    }
  }
}

export function unreachable(): VoiceAgentError {
  return new VoiceAgentError('VA_BATCH_FAILED', 'Doubleword cannot be reached.', { retryable: true });
}
