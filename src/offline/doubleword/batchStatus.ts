import type { StoredBatch } from './state.ts';

export type BatchWord =
  | 'validating'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'failed'
  | 'cancelling'
  | 'cancelled';

export interface Counts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

/** Cancelled items are in no count but the total. */
export function countsOf(batch: StoredBatch): Counts {
  return {
    total: batch.items.length,
    completed: batch.items.filter((item) => item.state.is === 'completed').length,
    failed: batch.items.filter((item) => item.state.is === 'failed').length,
  };
}

export function isFinished(batch: StoredBatch): boolean {
  return (
    batch.populated && batch.items.every(({ state }) => state.is !== 'pending' && state.is !== 'inProgress')
  );
}

/**
 * The vendor computes the status on every read, in this order (control-layer `batches.rs`). It never says
 * `expired`; queued work shows as `in_progress`; a cancel that came before population stays `cancelling`.
 */
export function statusOf(batch: StoredBatch): BatchWord {
  if (batch.cancelledAt !== undefined) {
    return batch.inProgressAt !== undefined && isFinished(batch) ? 'cancelled' : 'cancelling';
  }
  if (!batch.populated) return 'validating';
  if (!isFinished(batch)) return 'in_progress';
  const { total, failed } = countsOf(batch);
  if (failed === total) return 'failed';
  return batch.completedAt === undefined ? 'finalizing' : 'completed';
}

/** Reading one batch stamps the end of it; listing does not. */
export function stamp(batch: StoredBatch, seconds: number): void {
  if (batch.cancelledAt !== undefined || !isFinished(batch)) return;
  const { total, failed } = countsOf(batch);
  if (failed === total) {
    batch.failedAt ??= seconds;
  } else {
    batch.finalizingAt ??= seconds;
    batch.completedAt ??= seconds;
  }
}
