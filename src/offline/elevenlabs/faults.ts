/** What goes wrong. */
export type FaultAction =
  /** The vendor's error frame, then its close. */
  | {
      readonly do: 'error';
      readonly error: string;
      readonly message?: string;
      readonly withContext?: boolean;
    }
  /** The connection is gone without a close frame. */
  | { readonly do: 'drop' }
  | { readonly do: 'close'; readonly code: number; readonly reason?: string }
  /** Nothing more is ever sent on this connection, as with a spent quota or a stalled network. */
  | { readonly do: 'hang' }
  /** The upgrade or the request is answered with this status; at `connect` and `request` only. */
  | { readonly do: 'refuse'; readonly status: number; readonly body?: string };

export type Fault =
  | (FaultAction & {
      readonly service: 'stt';
      /** `audio`: once `afterMs` (default 0) of audio have arrived on the connection. */
      readonly at: 'connect' | 'audio' | 'commit';
      readonly afterMs?: number;
    })
  | (FaultAction & {
      readonly service: 'tts';
      /** `audio`: once `afterMs` (default 0) of audio have been delivered on the connection. */
      readonly at: 'connect' | 'text' | 'audio';
      readonly afterMs?: number;
    })
  | (FaultAction & { readonly service: 'http'; readonly at: 'request'; readonly afterMs?: number });

/** The faults lined up for what comes next, first in first out for each place. */
export class Faults {
  #waiting: { readonly fault: Fault; times: number }[] = [];

  add(fault: Fault, times: number): void {
    this.#waiting.push({ fault, times });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The fault that is due at this place, used up by being taken. */
  take(service: Fault['service'], at: Fault['at'], progressMs = 0): FaultAction | undefined {
    const due = this.#waiting.find(
      ({ fault }) => fault.service === service && fault.at === at && (fault.afterMs ?? 0) <= progressMs,
    );
    if (due === undefined) return undefined;
    due.times -= 1;
    if (due.times <= 0) this.#waiting = this.#waiting.filter((entry) => entry !== due);
    return due.fault;
  }

  /** A refusal of the next upgrade, if that is what comes next. */
  takeRefusal(service: 'stt' | 'tts'): Extract<FaultAction, { do: 'refuse' }> | undefined {
    const next = this.#waiting.find(({ fault }) => fault.service === service && fault.at === 'connect');
    if (next?.fault.do !== 'refuse') return undefined;
    const taken = this.take(service, 'connect');
    return taken?.do === 'refuse' ? taken : undefined;
  }
}
