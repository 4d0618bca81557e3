import type { AuthScheme } from './checkHeaders.ts';

/** `aborted`: the client hung up. `failed`: refused, or broken by an injected fault. */
export type RequestOutcome = 'open' | 'sent' | 'aborted' | 'failed';

/** One `POST /v1/messages` as it was seen, for tests to look at. */
export class RequestRecord {
  /** The JSON body as it came. */
  readonly body: unknown;
  readonly auth: AuthScheme | 'none';
  /** Milliseconds on the server's clock. */
  readonly at: number;
  #outcome: RequestOutcome = 'open';
  #sentText = '';
  #sentEvents = 0;

  constructor(body: unknown, auth: AuthScheme | 'none', at: number) {
    this.body = body;
    this.auth = auth;
    this.at = at;
  }

  get outcome(): RequestOutcome {
    return this.#outcome;
  }

  get aborted(): boolean {
    return this.#outcome === 'aborted';
  }

  /** The text that had been sent when the reply ended or the client hung up. */
  get sentText(): string {
    return this.#sentText;
  }

  get sentEvents(): number {
    return this.#sentEvents;
  }

  noteSent(text: string): void {
    this.#sentEvents += 1;
    this.#sentText += text;
  }

  /** The first outcome stands. */
  finish(outcome: Exclude<RequestOutcome, 'open'>): void {
    if (this.#outcome === 'open') this.#outcome = outcome;
  }
}
