import { Refusal } from './refusal.ts';

/** What a client may ask of this server, as faults and the request log name it. */
export type Operation =
  | 'models'
  | 'chat'
  | 'responses'
  | 'files.create'
  | 'files.list'
  | 'files.retrieve'
  | 'files.delete'
  | 'files.content'
  | 'batches.create'
  | 'batches.list'
  | 'batches.retrieve'
  | 'batches.delete'
  | 'batches.cancel'
  | 'batches.retry'
  | 'batches.results'
  | 'batches.analytics';

/** With `afterDoing` the request takes effect first, and only its answer is lost or late. */
export type Fault =
  | { readonly kind: 'reset'; readonly afterDoing?: boolean }
  | { readonly kind: 'slow'; readonly ms: number; readonly afterDoing?: boolean }
  | { readonly kind: 'tooManyRequests' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'noCredit' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly afterDoing?: boolean;
    };

export interface FaultQueue {
  /** The next `times` requests of this kind meet `fault`; queued faults are met in order. */
  add(operation: Operation, fault: Fault, times?: number): void;
  take(operation: Operation): Fault | undefined;
  clear(): void;
}

export function createFaultQueue(): FaultQueue {
  let queue: { readonly operation: Operation; readonly fault: Fault }[] = [];
  return {
    add(operation, fault, times = 1) {
      for (let i = 0; i < times; i++) queue.push({ operation, fault });
    },
    take(operation) {
      const next = queue.find((entry) => entry.operation === operation);
      if (next) queue = queue.filter((entry) => entry !== next);
      return next?.fault;
    },
    clear() {
      queue = [];
    },
  };
}

/** The answer that a fault puts in place of the true one. */
export function faultResponse(fault: Exclude<Fault, { kind: 'reset' | 'slow' }>): Response {
  switch (fault.kind) {
    case 'tooManyRequests':
      return Refusal.tooManyRequests('Too many concurrent requests. Please retry shortly.').response();
    case 'unavailable':
      return Refusal.unavailable('The service is temporarily unavailable.').response();
    case 'noCredit':
      return Refusal.noCredit().response();
    case 'answer':
      return new Response(fault.body, {
        status: fault.status,
        headers: { 'content-type': fault.contentType ?? 'text/plain; charset=utf-8' },
      });
  }
}
