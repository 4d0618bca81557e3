import type { PlannedReply } from './plannedReply.ts';

/** Something that goes wrong with one request. */
export type Fault =
  /** An HTTP error before the reply; `headers` for `retry-after`, `x-should-retry` and the like. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is reset before any header. */
  | { readonly kind: 'reset' }
  /** The request is taken and never answered. */
  | { readonly kind: 'noAnswer' }
  /** The stream breaks once so many deltas were sent: an `error` event, a clean end, a reset, or silence. */
  | {
      readonly kind: 'stream';
      readonly how: 'error' | 'end' | 'reset' | 'silence';
      /** Default 1. With 0 only the headers are sent. */
      readonly afterDeltas?: number;
      /** For `how: 'error'`; default `overloaded_error`. */
      readonly errorType?: string;
    }
  /** A tool call's input is not JSON. */
  | { readonly kind: 'invalidToolJson' }
  /** The reply is cut off with `max_tokens` once so many deltas were sent, in the middle of a tool's input if it falls there. */
  | { readonly kind: 'maxTokens'; readonly afterDeltas: number };

/** What tests have lined up for the coming requests, first in, first out. */
export class Lineup {
  readonly #faults: Fault[] = [];
  readonly #replies: PlannedReply[] = [];

  failNext(fault: Fault, times = 1): void {
    for (let i = 0; i < times; i++) this.#faults.push(fault);
  }

  script(...replies: readonly PlannedReply[]): void {
    this.#replies.push(...replies);
  }

  clearFaults(): void {
    this.#faults.length = 0;
  }

  takeFault(): Fault | undefined {
    return this.#faults.shift();
  }

  takeReply(): PlannedReply | undefined {
    return this.#replies.shift();
  }
}
