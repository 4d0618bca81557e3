import type { BatchRunner } from './batchRunner.ts';
import { type BatchWord, statusOf } from './batchStatus.ts';
import { type ChatAnswer, chatCompletion } from './chatCompletion.ts';
import type { LoggedRequest } from './exchange.ts';
import type { Fault, FaultQueue, Operation } from './faults.ts';
import type { State, StoredBatch } from './state.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** The hands of a test or a demo inside the stand-in. */
export interface OfflineDoublewordControl {
  /** Finishes a batch now, with the model's own answer, a text, or any chat answer. */
  complete(batchId: string, answer?: string | ChatAnswer): void;
  /** Every request of the batch fails for good with this upstream status and message. */
  fail(batchId: string, status?: number, message?: string): void;
  /** The vendor cancels the batch of its own accord. */
  cancel(batchId: string): void;
  /** Forgets the batch, as after a deletion elsewhere. */
  forget(batchId: string): void;
  /** The next request that reaches the model gets this answer. */
  answerNext(answer: UpstreamAnswer): void;
  /** The next `times` requests of this kind meet a fault. */
  failNext(operation: Operation, fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Every request so far, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** Every batch so far, oldest first: two entries mean that something was created twice. */
  batches(): { readonly id: string; readonly status: BatchWord; readonly metadata: Record<string, string> }[];
}

export function createControl(
  state: State,
  runner: BatchRunner,
  faults: FaultQueue,
  requests: readonly LoggedRequest[],
  nextAnswers: UpstreamAnswer[],
): OfflineDoublewordControl {
  const find = (id: string): StoredBatch => {
    const batch = state.batches.get(id);
    if (!batch) throw new Error(`The offline server has no batch ${id}`);
    return batch;
  };
  return {
    complete(batchId, answer) {
      const batch = find(batchId);
      if (answer === undefined) return runner.answer(batch);
      const chat = typeof answer === 'string' ? { content: answer } : answer;
      const model = batch.items[0]?.line.model;
      const body = chatCompletion({ model }, chat, state.seconds());
      runner.answer(batch, { kind: 'answer', status: 200, body });
    },
    fail(batchId, status = 400, message = `upstream says ${status}`) {
      const body = { error: { message, type: 'invalid_request_error', param: null, code: null } };
      runner.answer(find(batchId), { kind: 'answer', status, body });
    },
    cancel: (batchId) => runner.cancel(find(batchId)),
    forget(batchId) {
      runner.cancel(find(batchId));
      state.batches.delete(batchId);
    },
    answerNext: (answer) => {
      nextAnswers.push(answer);
    },
    failNext: (operation, fault, times) => faults.add(operation, fault, times),
    clearFaults: () => faults.clear(),
    requests,
    batches: () =>
      [...state.batches.values()].map((batch) => ({
        id: batch.id,
        status: statusOf(batch),
        metadata: { ...batch.metadata },
      })),
  };
}
