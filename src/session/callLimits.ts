import type { ConversationEvent } from '../conversation/event.ts';
import type { Clock } from '../time/clock.ts';

/** How long a call may be, and how long it may be silent. */
export interface CallLimits {
  /** Silence of both sides after which we hang up; 0: no limit. Ms. */
  readonly idleMs: number;
  /** Longest duration of a call; 0: no limit. Ms. */
  readonly longestMs: number;
}

/** How long before each limit it is said that it comes: half the time where that is less. Ms. */
const IDLE_WARNING_MS = 30_000;
const LENGTH_WARNING_MS = 60_000;

export interface CallWatchOptions {
  readonly limits: CallLimits;
  readonly clock: Clock;
  /** What is said, and when: `closing` is the last of it. */
  readonly lines: Readonly<Record<'stillThere' | 'nobodyThere' | 'almostOver' | 'timeIsUp', string>>;
  /** Whether something that the caller asked for is still being done: their silence is a wait then. Default: never. */
  readonly isAwaited?: () => Promise<boolean>;
  readonly dispatch: (event: Extract<ConversationEvent, { type: 'call.remark' | 'call.closing' }>) => void;
}

/** Watches one call's length and silence, and has both said before they end it. */
export class CallWatch {
  readonly #options: CallWatchOptions;
  #activeAt: number;
  /** The caller has been asked whether they are there. */
  #asked = false;
  #closed = false;
  #cancelIdle: () => void = () => {};
  #cancelLength: () => void = () => {};

  constructor(options: CallWatchOptions) {
    const { clock, limits } = options;
    this.#options = options;
    this.#activeAt = clock.now();
    if (limits.idleMs > 0) this.#awaitIdle();
    if (limits.longestMs > 0) this.#awaitLength();
  }

  /** Every event of the call passes through here; words of either side are signs of life. */
  saw(event: ConversationEvent): void {
    const byCaller = event.type === 'user.speechStarted' || event.type === 'chat.received';
    if (byCaller) this.#asked = false;
    // Our own question is none: it would answer itself.
    const byUs = event.type === 'speech.ended' && !this.#asked;
    if (byCaller || byUs || event.type === 'task.finished') this.#activeAt = this.#options.clock.now();
  }

  close(): void {
    this.#closed = true;
    this.#cancelIdle();
    this.#cancelLength();
  }

  /** One timer that looks again when it might be time: it is not set anew at every word. */
  #awaitIdle(): void {
    const leftMs = this.#activeAt + this.#silenceMs - this.#options.clock.now();
    this.#cancelIdle = this.#options.clock.setTimer(Math.max(1, leftMs), () => void this.#judgeSilence());
  }

  /** Silence after which something is said: to ask, then to hang up. Ms. */
  get #silenceMs(): number {
    const { idleMs } = this.#options.limits;
    return this.#asked ? idleMs : idleMs - Math.min(IDLE_WARNING_MS, idleMs / 2);
  }

  get #isSilent(): boolean {
    return this.#options.clock.now() - this.#activeAt >= this.#silenceMs;
  }

  async #judgeSilence(): Promise<void> {
    const { lines, dispatch, clock, isAwaited } = this.#options;
    // Only the length of the call bounds the wait for a task. What cannot be found out is no reason to stay.
    if (this.#isSilent && (await isAwaited?.().catch(() => false))) {
      this.#asked = false;
      this.#activeAt = clock.now();
    }
    if (this.#closed) return;
    if (this.#isSilent && this.#asked) {
      dispatch({ type: 'call.closing', text: lines.nobodyThere });
      return;
    }
    if (this.#isSilent) {
      this.#asked = true;
      dispatch({ type: 'call.remark', text: lines.stillThere });
    }
    this.#awaitIdle();
  }

  #awaitLength(): void {
    const { clock, limits, lines, dispatch } = this.#options;
    const warnMs = Math.min(LENGTH_WARNING_MS, limits.longestMs / 2);
    this.#cancelLength = clock.setTimer(limits.longestMs - warnMs, () => {
      dispatch({ type: 'call.remark', text: lines.almostOver });
      this.#cancelLength = clock.setTimer(warnMs, () =>
        dispatch({ type: 'call.closing', text: lines.timeIsUp }),
      );
    });
  }
}
