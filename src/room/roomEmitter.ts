import type { RoomEvents } from './room.ts';
import type { RoomLog } from './roomLog.ts';

type Listener<E extends keyof RoomEvents> = (...args: RoomEvents[E]) => void;
type Listeners = { [E in keyof RoomEvents]: Set<Listener<E>> };

/**
 * Events that wait for their first listener: a joiner gets its `Room` only after the join, so whatever happened
 * until it listens must not be lost. Audio is a live stream and does not wait.
 */
const WAITS_FOR_LISTENER: ReadonlySet<keyof RoomEvents> = new Set<keyof RoomEvents>([
  'participantJoined',
  'participantLeft',
  'chat',
  'transcript',
  'agentState',
  'closed',
]);
const MAX_WAITING = 256;

/** Typed listeners of one room. A listener that throws is logged and the others still hear. */
export class RoomEmitter {
  readonly #log: RoomLog;
  readonly #listeners: Listeners = {
    participantJoined: new Set(),
    participantLeft: new Set(),
    audio: new Set(),
    chat: new Set(),
    transcript: new Set(),
    agentState: new Set(),
    reconnecting: new Set(),
    reconnected: new Set(),
    closed: new Set(),
  };
  readonly #waiting = new Map<keyof RoomEvents, Array<() => void>>();

  constructor(log: RoomLog) {
    this.#log = log;
  }

  on<E extends keyof RoomEvents>(event: E, listener: Listener<E>): () => void {
    const listeners: Set<Listener<E>> = this.#listeners[event];
    listeners.add(listener);
    if (this.#waiting.has(event)) queueMicrotask(() => this.#release(event));
    return () => listeners.delete(listener);
  }

  emit<E extends keyof RoomEvents>(event: E, ...args: RoomEvents[E]): void {
    const waiting = this.#waiting.get(event);
    const unheard = this.#listeners[event].size === 0 && WAITS_FOR_LISTENER.has(event);
    if (waiting === undefined && !unheard) {
      this.#deliver(event, args);
      return;
    }
    const queue = waiting ?? [];
    queue.push(() => this.#deliver(event, args));
    if (queue.length > MAX_WAITING) queue.shift();
    this.#waiting.set(event, queue);
  }

  #release(event: keyof RoomEvents): void {
    const waiting = this.#waiting.get(event) ?? [];
    if (this.#listeners[event].size === 0) return;
    this.#waiting.delete(event);
    for (const deliver of waiting) deliver();
  }

  #deliver<E extends keyof RoomEvents>(event: E, args: RoomEvents[E]): void {
    const listeners: Set<Listener<E>> = this.#listeners[event];
    for (const listener of [...listeners]) {
      try {
        listener(...args);
      } catch (error) {
        this.#log.warn('a room listener failed', { error, event });
      }
    }
  }
}
