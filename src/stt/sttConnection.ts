import type { AdapterLog } from '../elevenlabs/adapterLog.ts';
import { openVendorSocket } from '../elevenlabs/vendorSocket.ts';
import type { Clock } from '../time/clock.ts';
import { failureOfEnd, failureOfFrame, type SttFailure, sessionTimeout } from './sttFailure.ts';
import { audioMessage, parseSttFrame } from './sttFrames.ts';

export interface SttConnectionOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly log: AdapterLog;
  /** `session_started` must come within this time. */
  readonly sessionTimeoutMs: number;
  readonly onStarted: () => void;
  readonly onPartial: (text: string) => void;
  readonly onCommitted: (text: string) => void;
  /** Once; nothing follows. */
  readonly onLost: (failure: SttFailure) => void;
}

/** One socket to the realtime endpoint, from connecting to its end. It is usable from `onStarted` to `onLost`. */
export class SttConnection {
  readonly #options: SttConnectionOptions;
  readonly #socket: ReturnType<typeof openVendorSocket>;
  readonly #cancelTimeout: () => void;
  #state: 'connecting' | 'started' | 'over' = 'connecting';
  /** Plain and timed frames of one commit come as a pair in either order: the first of each pair counts. */
  #plain = 0;
  #timed = 0;
  #sentAt: number;

  constructor(options: SttConnectionOptions) {
    this.#options = options;
    this.#sentAt = options.clock.now();
    this.#cancelTimeout = options.clock.setTimer(options.sessionTimeoutMs, () =>
      this.#lose(sessionTimeout(options.sessionTimeoutMs)),
    );
    this.#socket = openVendorSocket(
      options.url,
      { 'xi-api-key': options.apiKey },
      {
        // The upgrade succeeds with a bad key too: only `session_started` means connected.
        onOpen: () => {},
        onMessage: (text) => this.#receive(text),
        onEnd: (end) => this.#lose(failureOfEnd(end, options.apiKey)),
      },
    );
  }

  /** When the last message went out, on the clock's scale. */
  get sentAt(): number {
    return this.#sentAt;
  }

  send(pcm: Int16Array, options: { commit?: boolean } = {}): void {
    if (this.#state !== 'started') return;
    this.#sentAt = this.#options.clock.now();
    this.#socket.send(audioMessage(pcm, options));
  }

  /** Gives the connection up for a reason of our own; `onLost` is not called. */
  abandon(): void {
    this.#over();
    this.#socket.destroy();
  }

  close(): Promise<void> {
    this.#over();
    return this.#socket.close();
  }

  #receive(raw: string): void {
    const { log, apiKey } = this.#options;
    const frame = parseSttFrame(raw);
    if (frame === undefined || this.#state === 'over') return;
    switch (frame.type) {
      case 'started':
        if (this.#state === 'started') return;
        this.#cancelTimeout();
        this.#state = 'started';
        log.debug('speech-to-text session started', { sessionId: frame.sessionId });
        this.#options.onStarted();
        return;
      case 'partial':
        this.#options.onPartial(frame.text);
        return;
      case 'committed': {
        const accepted = Math.max(this.#plain, this.#timed);
        const count = frame.timed ? ++this.#timed : ++this.#plain;
        if (count > accepted) this.#options.onCommitted(frame.text);
        return;
      }
      case 'error':
        this.#lose(failureOfFrame(frame.error, frame.text, apiKey, this.#state === 'started'));
        return;
      case 'warning':
        log.warn('speech-to-text warning', { warning: frame.text });
        return;
      case 'other':
        log.debug('speech-to-text frame ignored', { messageType: frame.name });
    }
  }

  #lose(failure: SttFailure): void {
    if (this.#state === 'over') return;
    this.#over();
    this.#socket.destroy();
    this.#options.onLost(failure);
  }

  #over(): void {
    this.#state = 'over';
    this.#cancelTimeout();
  }
}
