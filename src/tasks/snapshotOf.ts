import type { BatchSnapshot, BatchStatus } from './batchApi.ts';
import { isRecord } from './isRecord.ts';

const FINAL: Readonly<Record<string, BatchStatus>> = {
  completed: 'completed',
  failed: 'failed',
  expired: 'expired',
  cancelled: 'cancelled',
};

/** The vendor's batch object reduced to what we act on; undefined for anything that is not one. */
export function snapshotOf(batch: unknown): BatchSnapshot | undefined {
  if (!isRecord(batch) || typeof batch.id !== 'string' || typeof batch.status !== 'string') return undefined;
  // A batch that was cancelled very early stays `cancelling` for ever, but already carries the end's time.
  const cancelled = typeof batch.cancelled_at === 'number';
  const taskId = isRecord(batch.metadata) ? batch.metadata.task_id : undefined;
  return {
    jobId: batch.id,
    status: cancelled ? 'cancelled' : (FINAL[batch.status] ?? 'running'),
    vendorStatus: batch.status,
    outputFileId: idOf(batch.output_file_id),
    errorFileId: idOf(batch.error_file_id),
    ...(typeof taskId === 'string' ? { taskId } : {}),
    ...(typeof batch.expires_at === 'number' ? { expiresAt: batch.expires_at * 1000 } : {}),
  };
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
