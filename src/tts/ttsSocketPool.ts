import type { AdapterLog } from '../elevenlabs/adapterLog.ts';
import type { VoiceAgentError } from '../errors.ts';
import { closedFailure } from './ttsFailure.ts';
import { TtsSocket, type TtsSocketOptions } from './ttsSocket.ts';
import type { TtsTuning } from './ttsTuning.ts';

export interface PoolOptions extends Omit<TtsSocketOptions, 'onEnd' | 'connectTimeoutMs'> {
  readonly tuning: TtsTuning;
  readonly log: AdapterLog;
}

/** One warm socket at a time; full or failed ones are replaced, and ended ones forgotten. */
export class TtsSocketPool {
  readonly #options: PoolOptions;
  readonly #sockets = new Set<TtsSocket>();
  #current: TtsSocket | undefined;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** The socket in use, dialled if there is none. */
  current(): TtsSocket {
    if (this.#isClosed) throw closedFailure();
    if (this.#current === undefined || this.#current.isOver || this.#current.isRetired) {
      this.#current = this.#dial();
    }
    return this.#current;
  }

  /** An open socket with room for one more context. Rejects with the reason when there is none to be had. */
  async acquire(): Promise<{ socket: TtsSocket; isReused: boolean }> {
    const { contextLimit, slotWaitMs } = this.#options.tuning;
    let isReused = this.#current?.isOpen ?? false;
    for (;;) {
      const socket = this.current();
      if (!socket.isOpen) {
        isReused = false;
        await socket.opened;
        // A bad key is reported right behind the upgrade: dialling on would only hear it again.
        if (socket.endedWith) throw socket.endedWith;
      } else if (socket.outstanding >= contextLimit) {
        await socket.slotFreed(slotWaitMs);
        if (socket.outstanding >= contextLimit) socket.retire();
      } else {
        return { socket, isReused };
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#current = undefined;
    await Promise.all([...this.#sockets].map((socket) => socket.close()));
    this.#sockets.clear();
  }

  #dial(): TtsSocket {
    const socket = new TtsSocket({
      ...this.#options,
      connectTimeoutMs: this.#options.tuning.connectTimeoutMs,
      onEnd: (error) => this.#ended(socket, error),
    });
    for (const old of this.#sockets) if (old.isOver) this.#sockets.delete(old);
    this.#sockets.add(socket);
    return socket;
  }

  /** A socket that died idle is replaced in the background, once: the next utterance should pay no handshake. */
  #ended(socket: TtsSocket, error: VoiceAgentError): void {
    this.#sockets.delete(socket);
    if (this.#isClosed || socket !== this.#current) return;
    this.#current = undefined;
    this.#options.log.debug('text-to-speech socket ended', { error: error.message });
    if (error.retryable && socket.ageMs >= this.#options.tuning.rewarmAfterMs) this.#current = this.#dial();
  }
}
