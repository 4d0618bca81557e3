import { isRecord } from './requestLines.ts';
import type { BatchItem, ItemState, StoredBatch } from './state.ts';

export interface ResultLine {
  readonly customId: string;
  readonly text: string;
}

type Finished = Extract<ItemState, { readonly order: number }>;

/** Lines of the output or the error file, in order of completion. */
export function fileLines(batch: StoredBatch, kind: 'output' | 'error'): ResultLine[] {
  return batch.items
    .flatMap((item) => (isOf(item.state, kind) ? [{ item, state: item.state }] : []))
    .sort((a, b) => a.state.order - b.state.order)
    .map(({ item, state }) => ({
      customId: item.line.customId,
      text: JSON.stringify(fileLine(item, state)),
    }));
}

function isOf(state: ItemState, kind: 'output' | 'error'): state is Finished {
  return state.is === (kind === 'output' ? 'completed' : 'failed');
}

function fileLine(item: BatchItem, state: Finished): Record<string, unknown> {
  const head = { id: `batch_req_${item.id}`, custom_id: item.line.customId };
  if (state.is === 'failed') return { ...head, response: null, error: { code: null, message: state.error } };
  const response = { status_code: state.status, request_id: null, body: state.body };
  return { ...head, response, error: null };
}

/** Lines of `GET /batches/{id}/results`: every request with its answer, in the order of the input file. */
export function resultsLines(batch: StoredBatch): ResultLine[] {
  return batch.items.map((item) => {
    const { state, line } = item;
    const text = JSON.stringify({
      id: item.id,
      custom_id: line.customId,
      model: line.model,
      input_body: withSortedKeys(line.body),
      response_body: state.is === 'completed' ? state.body : null,
      error: state.is === 'failed' ? state.error : null,
      status: state.is === 'inProgress' ? 'in_progress' : state.is,
    });
    return { customId: line.customId, text };
  });
}

/** Stored JSON comes back with its keys in alphabetical order. */
export function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, withSortedKeys(value[key])]));
}
