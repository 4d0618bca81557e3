import type { Clock } from '../time/clock.ts';
import type { AgentState } from './room.ts';
import type { RoomLog } from './roomLog.ts';
import { ATTRIBUTE } from './topics.ts';

/**
 * How long a change is waited for. rtc-node loses an answer now and then, when it comes before it is listened for, and
 * then says so after 5 s only; the change itself is through in 6 ms, at most 213 ms on a busy machine (measured).
 */
const ENOUGH_MS = 300;
/**
 * After this long the page of somebody who joined follows our attributes. components-react 2.9.20 shows no agent until
 * it has seen one of them change: a change at once is too early for it, one after 400 ms is not (measured).
 */
const PAGE_READY_MS = 1000;

type Attributes = Readonly<Record<string, string>>;

export interface OwnAttributesOptions {
  readonly set: (attributes: Record<string, string>) => Promise<void>;
  readonly clock: Clock;
  readonly log: RoomLog;
}

/**
 * Our own participant attributes. Concurrent `setAttributes` calls may be applied in any order, so one change follows
 * the other, and of several that wait only the newest is sent. Every call carries the state key, because some front
 * ends forget the keys that a call leaves out.
 */
export class OwnAttributes {
  readonly #options: OwnAttributesOptions;
  #wanted: Attributes = {};
  /** What is to be sent next: `change` is another state in passing, and then the wanted one. */
  #next: 'nothing' | 'wanted' | 'change' = 'nothing';
  #inFlight: { readonly attributes: Attributes; readonly done: () => void } | undefined;
  #sending: Promise<void> | undefined;
  #cancelChange = () => {};
  #closed = false;

  constructor(options: OwnAttributesOptions) {
    this.#options = options;
  }

  /** Resolves when this state, or a newer one, was sent; never rejects. */
  publishState(state: AgentState): Promise<void> {
    if (this.#wanted[ATTRIBUTE.agentState] === state) return this.#sending ?? Promise.resolve();
    this.#wanted = { ...this.#wanted, [ATTRIBUTE.agentState]: state };
    return this.resend();
  }

  /** After a full reconnect the server knows only what the token said. */
  resend(): Promise<void> {
    if (Object.keys(this.#wanted).length === 0 || this.#closed) return Promise.resolve();
    if (this.#next === 'nothing') this.#next = 'wanted';
    this.#sending ??= this.#sendAll();
    return this.#sending;
  }

  /** Somebody joined, perhaps by reloading the page: in a moment the state changes once, so that the page sees it. */
  personArrived(): void {
    this.#cancelChange();
    if (this.#closed) return;
    this.#cancelChange = this.#options.clock.setTimer(PAGE_READY_MS, () => {
      if (passing(this.#wanted) === undefined) return;
      this.#next = 'change';
      void this.resend();
    });
  }

  /** The server told everybody, us included, that our attributes are these now. */
  changed(attributes: Attributes): void {
    if (this.#inFlight !== undefined) {
      if (includes(attributes, this.#inFlight.attributes)) this.#inFlight.done();
    } else if (!includes(attributes, this.#wanted)) {
      // A change that was given up on has overtaken a newer one.
      void this.resend();
    }
  }

  close(): void {
    this.#closed = true;
    this.#next = 'nothing';
    this.#cancelChange();
    this.#inFlight?.done();
  }

  async #sendAll(): Promise<void> {
    while (this.#next !== 'nothing') {
      const other = this.#next === 'change' ? passing(this.#wanted) : undefined;
      this.#next = other === undefined ? 'nothing' : 'wanted';
      await this.#send(other ?? this.#wanted);
    }
    this.#sending = undefined;
  }

  /** Resolves at the answer, at the news of the change, or when it was waited for long enough. */
  async #send(attributes: Attributes): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.setTimer(ENOUGH_MS, resolve);
      const done = () => {
        cancel();
        resolve();
      };
      this.#inFlight = { attributes, done };
      void this.#attempt(attributes).then(done);
    });
    this.#inFlight = undefined;
  }

  async #attempt(attributes: Attributes): Promise<void> {
    try {
      await this.#options.set({ ...attributes });
    } catch (error) {
      this.#options.log.debug('attributes could not be sent', { error });
    }
  }
}

/**
 * The same attributes with another state: one in which front ends count the agent as connected, so that nothing
 * vanishes for that moment. Undefined where the state is not yet such a one: its next change is still to come.
 */
function passing(wanted: Attributes): Attributes | undefined {
  const state = wanted[ATTRIBUTE.agentState];
  if (state === undefined || state === 'initializing') return undefined;
  const other: AgentState = state === 'thinking' ? 'listening' : 'thinking';
  return { ...wanted, [ATTRIBUTE.agentState]: other };
}

function includes(attributes: Attributes, some: Attributes): boolean {
  return Object.entries(some).every(([key, value]) => attributes[key] === value);
}
