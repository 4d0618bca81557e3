import { countsOf, statusOf } from './batchStatus.ts';
import type { StoredBatch, StoredFile } from './state.ts';

const CONTEXT = { context_name: 'Personal', context_type: 'personal' } as const;

/** Unset fields are left out, never null. `listed` marks answers to retrieve and list, which add the context. */
export function batchObject(batch: StoredBatch, seconds: number, listed: boolean): Record<string, unknown> {
  const cancelled = batch.cancelledAt !== undefined;
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    input_file_id: batch.inputFileId,
    completion_window: batch.window,
    status: statusOf(batch),
    output_file_id: batch.outputFileId,
    error_file_id: batch.errorFileId,
    created_at: batch.createdAt,
    ...given('in_progress_at', batch.inProgressAt),
    expires_at: batch.expiresAt,
    ...given('finalizing_at', cancelled ? undefined : batch.finalizingAt),
    ...given('completed_at', batch.completedAt),
    ...given('failed_at', batch.failedAt),
    // The vendor shows a passed deadline on every batch, even a completed one.
    ...given('expired_at', seconds >= batch.expiresAt ? batch.expiresAt : undefined),
    ...given('cancelling_at', batch.cancelledAt),
    ...given('cancelled_at', batch.cancelledAt),
    request_counts: countsOf(batch),
    metadata: {
      ...batch.metadata,
      request_source: 'api',
      created_by_email: batch.account.email,
      ...(listed ? CONTEXT : {}),
    },
    dwext: { source: 'api' },
  };
}

export function fileObject(file: StoredFile): Record<string, unknown> {
  return {
    id: file.id,
    object: 'file',
    bytes: Buffer.byteLength(file.text),
    created_at: file.createdAt,
    filename: file.name,
    purpose: 'batch',
    expires_at: file.expiresAt,
  };
}

/** An output or error file: it exists from the batch's creation and grows while the batch runs. */
export function resultFileObject(
  batch: StoredBatch,
  kind: 'output' | 'error',
  bytes: number,
): Record<string, unknown> {
  return {
    id: kind === 'output' ? batch.outputFileId : batch.errorFileId,
    object: 'file',
    bytes,
    created_at: batch.createdAt,
    filename: `batch-${batch.id}-${kind}.jsonl`,
    purpose: `batch_${kind}`,
    ...CONTEXT,
  };
}

function given(name: string, value: number | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: value };
}
