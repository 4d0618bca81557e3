import { parentPort, type Transferable } from 'node:worker_threads';
import { lowerThreadPriority } from './lowerThreadPriority.ts';

/** What the thread answers to one request of `WorkerQueue`. */
export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly reason: string };

type WorkerMessage =
  | { readonly type: 'request'; readonly id: number; readonly message: unknown }
  | { readonly type: 'cancel'; readonly id: number };

/**
 * The thread's side of `WorkerQueue`: answers each request with what `handle` resolves with, or with why it rejected.
 * `signal` aborts when nobody waits for the answer any more. Buffers of typed arrays are handed over, not copied. The
 * thread gives way to those that carry audio.
 */
export function serveRequests(handle: (message: unknown, signal: AbortSignal) => Promise<unknown>): void {
  const port = parentPort;
  if (port === null) throw new Error('serveRequests runs in a worker thread only.');
  lowerThreadPriority();
  const running = new Map<number, AbortController>();
  port.on('message', async (received: WorkerMessage) => {
    if (received.type === 'cancel') {
      running.get(received.id)?.abort();
      return;
    }
    const { id, message } = received;
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const value = await handle(message, controller.signal);
      port.postMessage({ id, ok: true, value } satisfies WorkerReply, buffersOf(value));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      port.postMessage({ id, ok: false, reason } satisfies WorkerReply);
    } finally {
      running.delete(id);
    }
  });
}

function buffersOf(value: unknown): Transferable[] {
  return ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
}
