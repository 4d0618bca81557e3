import type { WebSocket } from 'ws';
import type { Clock } from '../../time/clock.ts';
import type { Behaviour } from './behaviour.ts';
import type { FaultAction, Faults } from './faults.ts';

export const TTS_ERRORS = {
  key: ['invalid_api_key', 'Invalid API key'],
  contexts: [
    'max_active_conversations',
    'Maximum simultaneous contexts per WebSocket connection exceeded (5). Please close an existing context before opening a new one.',
  ],
  settings: [
    'invalid_voice_settings',
    'voice_settings field must be provided in the first message and then either be not provided or not change.',
  ],
  json: ['invalid_message', 'Message is not a valid JSON object.'],
} as const;

/** The vendor's end of a text-to-speech socket: frames out, errors and closes the vendor's way. */
export class TtsPeer {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #behaviour: Behaviour;
  readonly #faults: Faults;
  readonly #over = new AbortController();
  #state: 'open' | 'hanging' | 'failed' = 'open';
  #deliveredMs = 0;

  constructor(options: { socket: WebSocket; clock: Clock; behaviour: Behaviour; faults: Faults }) {
    this.#socket = options.socket;
    this.#clock = options.clock;
    this.#behaviour = options.behaviour;
    this.#faults = options.faults;
    options.socket.on('close', () => this.#over.abort());
  }

  /** Aborts when the socket is closed. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  get isFailed(): boolean {
    return this.#state === 'failed' || this.#over.signal.aborted;
  }

  /** Whether an injected fault was due and has taken place. */
  suffer(at: 'text' | 'audio', contextId?: string): boolean {
    const fault = this.#faults.take('tts', at, at === 'audio' ? this.#deliveredMs : 0);
    if (fault) this.apply(fault, contextId);
    return fault !== undefined;
  }

  apply(fault: FaultAction, contextId?: string): void {
    if (fault.do === 'error') {
      this.fail(fault.error, fault.message ?? fault.error, fault.withContext ? contextId : undefined);
    } else if (fault.do === 'drop') this.#socket.terminate();
    else if (fault.do === 'close') this.#socket.close(fault.code, fault.reason);
    else this.#state = 'hanging';
  }

  /** `audioMs`: length of the audio in the frame. */
  send(frame: object, audioMs = 0): void {
    if (this.#state !== 'open' || this.#over.signal.aborted) return;
    this.#deliveredMs += audioMs;
    this.#socket.send(JSON.stringify(frame));
  }

  /** An error frame, and a close with its message a little later. */
  fail(error: string, message: string, contextId?: string): void {
    if (this.isFailed) return;
    const context = contextId === undefined ? {} : { [this.#behaviour.quirks.contextKey]: contextId };
    this.send({ message, error, code: 1008, ...context });
    this.#state = 'failed';
    this.#closeAfter(this.#behaviour.latency.ttsErrorCloseMs, 1008, message);
  }

  closeCleanly(afterMs: number): void {
    this.#closeAfter(afterMs, 1000, '');
  }

  #closeAfter(ms: number, code: number, reason: string): void {
    // A close reason has room for 123 bytes.
    const close = () => this.#socket.close(code, Buffer.from(reason).subarray(0, 123).toString());
    const cancel = this.#clock.setTimer(ms, close);
    this.#over.signal.addEventListener('abort', cancel);
  }
}
