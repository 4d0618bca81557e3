import { randomUUID } from 'node:crypto';
import type { AdapterLog } from '../elevenlabs/adapterLog.ts';
import { openVendorSocket, type VendorSocket } from '../elevenlabs/vendorSocket.ts';
import type { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { closedFailure, connectTimeout, failureOfCode, failureOfEnd } from './ttsFailure.ts';
import {
  type Alignment,
  CLOSE_SOCKET,
  clauseMessage,
  closeContextMessage,
  keepaliveMessage,
  parseTtsFrame,
} from './ttsFrames.ts';

export interface TtsSocketOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly log: AdapterLog;
  readonly connectTimeoutMs: number;
  /** Once, when the socket is gone and it was not us who closed it. */
  readonly onEnd: (error: VoiceAgentError) => void;
}

export interface ContextHandlers {
  onAudio(bytes: Uint8Array, alignment: Alignment | undefined): void;
  /** All audio was delivered. */
  onFinal(): void;
  onError(error: VoiceAgentError): void;
}

/** One utterance on a socket. */
export interface TtsContext {
  say(clause: string): void;
  /** No more text: the rest is spoken, then `onFinal`. */
  finish(): void;
  keepAlive(): void;
  /** Stops generation at once and detaches the handlers; late audio is dropped. */
  cancel(): void;
}

/** One connection to `multi-stream-input`. A context counts as outstanding until its `isFinal`, cancelled or not. */
export class TtsSocket {
  readonly #options: TtsSocketOptions;
  readonly #socket: VendorSocket;
  readonly #opening: { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void };
  /** Contexts that the server knows; undefined handlers: cancelled. */
  readonly #contexts = new Map<string, ContextHandlers | undefined>();
  readonly #slotWaiters = new Set<() => void>();
  readonly #gone = deferred();
  #endedWith: VoiceAgentError | undefined;
  #state: 'connecting' | 'open' | 'over' = 'connecting';
  #isRetired = false;
  readonly #dialledAt: number;

  constructor(options: TtsSocketOptions) {
    this.#options = options;
    this.#dialledAt = options.clock.now();
    this.#opening = deferred();
    const cancelTimeout = options.clock.setTimer(options.connectTimeoutMs, () => {
      if (this.#state === 'connecting') this.fail(connectTimeout(options.connectTimeoutMs));
    });
    this.#socket = openVendorSocket(
      options.url,
      { 'xi-api-key': options.apiKey },
      {
        onOpen: () => {
          cancelTimeout();
          this.#state = 'open';
          this.#opening.resolve();
        },
        onMessage: (text) => this.#receive(text),
        onEnd: (end) => {
          cancelTimeout();
          this.fail(failureOfEnd(end, options.apiKey));
        },
      },
    );
  }

  /** Resolves when the upgrade succeeded; rejects with the reason when it did not. */
  get opened(): Promise<void> {
    return this.#opening.promise;
  }

  /** Resolves when the socket is over, for whatever reason. */
  get ended(): Promise<void> {
    return this.#gone.promise;
  }

  /** Why it ended, when that was not our own doing. */
  get endedWith(): VoiceAgentError | undefined {
    return this.#endedWith;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Takes no new contexts. */
  get isRetired(): boolean {
    return this.#isRetired;
  }

  get outstanding(): number {
    return this.#contexts.size;
  }

  get ageMs(): number {
    return this.#options.clock.now() - this.#dialledAt;
  }

  /** Resolves when a context ends or after `ms`. */
  slotFreed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#slotWaiters.delete(done);
        resolve();
      };
      const cancel = this.#options.clock.setTimer(ms, done);
      this.#slotWaiters.add(done);
    });
  }

  /** The server learns of the context with its first clause; nothing else is ever sent for an unknown one. */
  openContext(handlers: ContextHandlers): TtsContext {
    const id = randomUUID();
    let phase: 'new' | 'open' | 'closed' = 'new';
    const close = () => {
      // Once the server has ended the context, its id would create another one.
      if (phase === 'open' && this.#contexts.has(id)) this.#socket.send(closeContextMessage(id));
      phase = 'closed';
    };
    return {
      say: (clause) => {
        if (phase === 'closed' || this.#state === 'over') return;
        if (phase === 'new') this.#contexts.set(id, handlers);
        phase = 'open';
        this.#socket.send(clauseMessage(id, clause));
      },
      finish: close,
      keepAlive: () => {
        if (phase === 'open' && this.#contexts.has(id)) this.#socket.send(keepaliveMessage(id));
      },
      cancel: () => {
        if (this.#contexts.has(id)) this.#contexts.set(id, undefined);
        close();
      },
    };
  }

  /** Takes no new contexts; closes when the last one has ended. */
  retire(): void {
    this.#isRetired = true;
    this.#closeIfDone();
  }

  /** Ends the socket for a reason: every context hears it. */
  fail(error: VoiceAgentError): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#endedWith = error;
    this.#opening.reject(error);
    this.#gone.resolve();
    this.#socket.destroy();
    this.#endContexts(error);
    this.#options.onEnd(error);
  }

  async close(): Promise<void> {
    if (this.#state === 'over') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'over';
    const error = closedFailure();
    this.#opening.reject(error);
    this.#gone.resolve();
    if (wasOpen) this.#socket.send(CLOSE_SOCKET);
    this.#endContexts(error);
    await this.#socket.close();
  }

  #receive(raw: string): void {
    const frame = parseTtsFrame(raw);
    const { apiKey, log } = this.#options;
    if (frame === undefined || frame.type === 'other') {
      log.debug('text-to-speech frame ignored');
      return;
    }
    if (frame.type === 'error') {
      const error = failureOfCode(frame.code, frame.text, apiKey);
      if (frame.contextId === undefined || !this.#contexts.has(frame.contextId)) {
        this.fail(error);
        return;
      }
      // The vendor closes the socket soon after: this context is told why, the others when it happens.
      const handlers = this.#end(frame.contextId);
      this.retire();
      handlers?.onError(error);
      return;
    }
    const only = this.#contexts.size === 1 ? [...this.#contexts.keys()][0] : undefined;
    const id = frame.contextId ?? only;
    if (id === undefined) return;
    const handlers = this.#contexts.get(id);
    if (frame.bytes.length > 0 || frame.alignment) handlers?.onAudio(frame.bytes, frame.alignment);
    if (!frame.isFinal) return;
    this.#end(id);
    handlers?.onFinal();
    this.#closeIfDone();
  }

  #end(id: string): ContextHandlers | undefined {
    const handlers = this.#contexts.get(id);
    this.#contexts.delete(id);
    for (const waiter of [...this.#slotWaiters]) waiter();
    return handlers;
  }

  #endContexts(error: VoiceAgentError): void {
    for (const id of [...this.#contexts.keys()]) this.#end(id)?.onError(error);
  }

  #closeIfDone(): void {
    if (this.#isRetired && this.#contexts.size === 0) void this.close();
  }
}

function deferred() {
  let resolve = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
