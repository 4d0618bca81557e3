import type { Clock } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { errorBody } from './apiError.ts';
import type { Fault } from './faults.ts';
import { isRecord } from './isRecord.ts';
import type { RequestRecord } from './requestRecord.ts';
import type { StreamEvent } from './streamEvents.ts';

/** Milliseconds. */
export interface Latency {
  /** From the request to the first event. */
  readonly firstTokenMs: number;
  /** Before each delta. */
  readonly perTokenMs: number;
}

export interface SseOptions {
  readonly events: Iterator<StreamEvent>;
  readonly latency: Latency;
  readonly clock: Clock;
  readonly record: RequestRecord;
  readonly fault: Fault | undefined;
  readonly requestId: string;
  /** Resets the connection under the response. */
  reset(): void;
}

const FLUSH_MS = 20;

/** The body of a streamed answer: one event for each pull, so that what the client does not read is not sent. */
export function sseBody(options: SseOptions): ReadableStream<Uint8Array> {
  const { events, latency, clock, record, fault } = options;
  const breaksAt = fault?.kind === 'stream' ? (fault.afterDeltas ?? 1) : Number.POSITIVE_INFINITY;
  const encoder = new TextEncoder();
  const gone = new AbortController();
  let deltas = 0;
  let isFirst = true;

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (deltas >= breaksAt) return breakOff(controller);
    const { value: event, done } = events.next();
    if (done) {
      record.finish('sent');
      controller.close();
      return;
    }
    const waitMs = (isFirst ? latency.firstTokenMs : 0) + (event.isDelta ? latency.perTokenMs : 0);
    isFirst = false;
    if (waitMs > 0) await sleep(clock, waitMs, gone.signal);
    if (gone.signal.aborted) return;
    if (event.isDelta) deltas += 1;
    controller.enqueue(encoder.encode(frame(event.name, event.data)));
    record.noteSent(textOf(event));
  }

  async function breakOff(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (fault?.kind !== 'stream') return;
    if (fault.how === 'silence') {
      await new Promise<void>((resolve) => gone.signal.addEventListener('abort', () => resolve()));
      return;
    }
    record.finish('failed');
    if (fault.how === 'reset') {
      // What was sent before must reach the client first.
      await sleep(clock, FLUSH_MS, gone.signal);
      options.reset();
      return;
    }
    if (fault.how === 'error') {
      const type = fault.errorType ?? 'overloaded_error';
      const message = type === 'overloaded_error' ? 'Overloaded' : 'Internal server error';
      controller.enqueue(encoder.encode(frame('error', errorBody(type, message, options.requestId))));
    }
    controller.close();
  }

  return new ReadableStream<Uint8Array>(
    {
      pull,
      cancel() {
        record.finish('aborted');
        gone.abort();
      },
    },
    { highWaterMark: 0 },
  );
}

function frame(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function textOf(event: StreamEvent): string {
  const { delta } = event.data;
  return isRecord(delta) && typeof delta.text === 'string' ? delta.text : '';
}
