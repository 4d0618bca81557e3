/** How a batch stands, reduced to what we act on. `gone`: the vendor does not know the id (any more). */
export type BatchStatus = 'running' | 'completed' | 'failed' | 'expired' | 'cancelled' | 'gone';

export interface BatchSnapshot {
  readonly jobId: string;
  readonly status: BatchStatus;
  /** The vendor's own word, for logs (`validating`, `in_progress`, `finalizing`, …). */
  readonly vendorStatus: string;
  readonly outputFileId: string | undefined;
  readonly errorFileId: string | undefined;
  /** Our own id from the batch's metadata, when it carries one. */
  readonly taskId?: string;
  /** Epoch milliseconds at which the vendor's window ends; late answers may still come. */
  readonly expiresAt?: number;
}

export interface BatchRequest {
  /** Our own id; goes into the batch's metadata, so that a lost create can be found again. */
  readonly taskId: string;
  readonly prompt: string;
}

export type BatchResult =
  | { readonly ok: true; readonly text: string }
  /** `reason` is one plain sentence that can be read out. */
  | { readonly ok: false; readonly reason: string };

export interface BatchApi {
  /** Uploads and creates. Never retries the create blindly. Rejects with `VA_BATCH_…`. */
  submit(request: BatchRequest, signal?: AbortSignal): Promise<{ jobId: string }>;
  retrieve(jobId: string, signal?: AbortSignal): Promise<BatchSnapshot>;
  /** The job whose metadata carries `taskId`, if the vendor has one. */
  find(taskId: string, signal?: AbortSignal): Promise<BatchSnapshot | undefined>;
  /**
   * Our newest jobs, at most `count`, newest first: one request for a hundred of them. Only `running` can be relied on; what
   * shows another status, or is not among them, has to be retrieved.
   */
  list(count: number, signal?: AbortSignal): Promise<readonly BatchSnapshot[]>;
  /** Reads a finished batch's answer; a malformed, empty or partial output is a result with `ok: false`. */
  result(snapshot: BatchSnapshot, signal?: AbortSignal): Promise<BatchResult>;
  cancel(jobId: string, signal?: AbortSignal): Promise<BatchSnapshot>;
  /** Checks key and model with one cheap request; rejects like `submit`. */
  check(signal?: AbortSignal): Promise<void>;
}
