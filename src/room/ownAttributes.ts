import type { AgentState } from './room.ts';
import type { RoomLog } from './roomLog.ts';
import { ATTRIBUTE } from './topics.ts';

/**
 * Our own participant attributes. Concurrent `setAttributes` calls may be applied in any order, so they are chained;
 * and every call carries the state key, because some front ends forget the keys that a call leaves out.
 */
export class OwnAttributes {
  readonly #set: (attributes: Record<string, string>) => Promise<void>;
  readonly #log: RoomLog;
  #attributes: Record<string, string> = {};
  #queue: Promise<void> = Promise.resolve();

  constructor(set: (attributes: Record<string, string>) => Promise<void>, log: RoomLog) {
    this.#set = set;
    this.#log = log;
  }

  /** Resolves when it was sent; never rejects. */
  publishState(state: AgentState): Promise<void> {
    if (this.#attributes[ATTRIBUTE.agentState] === state) return this.#queue;
    this.#attributes = { ...this.#attributes, [ATTRIBUTE.agentState]: state };
    return this.resend();
  }

  /** After a full reconnect the server knows only what the token said. */
  resend(): Promise<void> {
    const attributes = this.#attributes;
    if (Object.keys(attributes).length === 0) return this.#queue;
    this.#queue = this.#queue
      .then(() => this.#set(attributes))
      .catch((error: unknown) => this.#log.debug('attributes could not be sent', { error }));
    return this.#queue;
  }
}
