import { isFinished, stamp } from './batchStatus.ts';
import type { BatchItem, State, StoredBatch } from './state.ts';
import { failureOf, type Upstream, type UpstreamAnswer } from './upstream.ts';
import { windowSeconds } from './windowSeconds.ts';

/** When answers come: after so long, when the test says so, or just before the deadline (a model scaled to zero). */
export type Turnaround = { readonly ms: number } | 'manual' | 'nearDeadline';

export interface BatchRunner {
  start(batch: StoredBatch): void;
  cancel(batch: StoredBatch): void;
  /** Takes a cancellation back and goes on with what was left. */
  retry(batch: StoredBatch): void;
  /** Answers every unfinished request of a batch now. */
  answer(batch: StoredBatch, answer?: UpstreamAnswer): void;
  close(): void;
}

export interface BatchRunnerOptions {
  readonly turnaround: Turnaround;
  readonly upstream: Upstream;
  /** Milliseconds from creation until the requests exist. */
  readonly populateMs: number;
  /** Requests of one batch that are worked on at once. */
  readonly atOnce?: number;
}

const MAX_BACKOFF_MS = 10_000;
/** Every so often the vendor stamps the end of batches that nobody reads one by one. */
const FINALISER_MS = 10_000;

export function createBatchRunner(state: State, options: BatchRunnerOptions): BatchRunner {
  const { clock } = state;
  const atOnce = options.atOnce ?? 10;
  const timers = new Set<() => void>();
  let finished = 0;

  const later = (ms: number, fn: () => void): (() => void) => {
    const cancel = clock.setTimer(ms, () => {
      timers.delete(cancel);
      fn();
    });
    timers.add(cancel);
    return () => {
      timers.delete(cancel);
      cancel();
    };
  };

  const populate = (batch: StoredBatch) => {
    if (batch.cancelledAt !== undefined || batch.populated) return;
    batch.populated = true;
    if (options.turnaround === 'nearDeadline') {
      later(msUntilClaimable(batch), () => claim(batch));
    } else {
      claim(batch);
    }
  };

  const msUntilClaimable = (batch: StoredBatch) => {
    const minutesBefore = (windowSeconds(batch.window) / 60) ** 0.56;
    return Math.max(0, batch.expiresAt * 1000 - minutesBefore * 60_000 - state.milliseconds());
  };

  const claim = (batch: StoredBatch) => {
    if (batch.cancelledAt !== undefined) return;
    batch.inProgressAt ??= state.seconds();
    const free = atOnce - batch.items.filter((item) => item.state.is === 'inProgress').length;
    for (const item of batch.items.filter(({ state: { is } }) => is === 'pending').slice(0, free)) {
      item.state = { is: 'inProgress' };
      if (options.turnaround !== 'manual') attempt(batch, item, 1);
    }
  };

  const attempt = (batch: StoredBatch, item: BatchItem, number: number) => {
    const answer = options.upstream(item.line.body, number);
    if (answer.kind === 'never') return;
    const wait = typeof options.turnaround === 'object' ? options.turnaround.ms : 0;
    item.stop = later(answer.afterMs ?? wait, () => receive(batch, item, number, answer));
  };

  const receive = (
    batch: StoredBatch,
    item: BatchItem,
    number: number,
    answer: Exclude<UpstreamAnswer, { kind: 'never' }>,
  ) => {
    const failure = failureOf(answer);
    // A cancelled request is not repeated, but an answer that was on its way still counts.
    if (item.state.is === 'cancelled' && failure) return;
    const backoff = Math.min(1000 * 2 ** (number - 1), MAX_BACKOFF_MS);
    if (failure?.retriable && state.milliseconds() + backoff < batch.expiresAt * 1000) {
      item.stop = later(backoff, () => attempt(batch, item, number + 1));
      return;
    }
    finish(batch, item, answer, failure?.message);
  };

  const finish = (
    batch: StoredBatch,
    item: BatchItem,
    answer: Exclude<UpstreamAnswer, { kind: 'never' }>,
    error: string | undefined,
  ) => {
    finished++;
    if (error !== undefined || answer.kind !== 'answer') {
      item.state = { is: 'failed', order: finished, error: error ?? 'no answer' };
    } else {
      item.state = {
        is: 'completed',
        order: finished,
        status: answer.status,
        body: named(answer.body, item),
      };
    }
    if (isFinished(batch)) {
      const sinceLast = (state.milliseconds() - batch.createdAt * 1000) % FINALISER_MS;
      later(FINALISER_MS - sinceLast, () => stamp(batch, state.seconds()));
    } else {
      claim(batch);
    }
  };

  return {
    start(batch) {
      later(options.populateMs, () => populate(batch));
    },
    cancel(batch) {
      if (batch.cancelledAt !== undefined) return;
      batch.cancelledAt = state.seconds();
      for (const item of batch.items) {
        if (item.state.is === 'pending' || item.state.is === 'inProgress') item.state = { is: 'cancelled' };
      }
    },
    retry(batch) {
      delete batch.cancelledAt;
      for (const item of batch.items) {
        if (item.state.is !== 'cancelled') continue;
        item.stop();
        item.state = { is: 'pending' };
      }
      if (batch.populated) claim(batch);
      else populate(batch);
    },
    answer(batch, given) {
      batch.populated = true;
      batch.inProgressAt ??= state.seconds();
      for (const item of batch.items) {
        if (item.state.is !== 'pending' && item.state.is !== 'inProgress') continue;
        item.stop();
        const answer = given ?? options.upstream(item.line.body, 1);
        if (answer.kind !== 'never') finish(batch, item, answer, failureOf(answer)?.message);
      }
    },
    close() {
      for (const cancel of timers) cancel();
      timers.clear();
    },
  };
}

/** The server gives an answer the name of its request. */
function named(body: unknown, item: BatchItem): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return 'id' in body ? { ...body, id: `resp_${item.id}` } : body;
}
