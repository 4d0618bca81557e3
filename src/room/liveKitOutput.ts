import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { AudioOutput } from './audioOutput.ts';
import { captureWithin } from './captureWithin.ts';
import type { Microphone } from './microphone.ts';
import { QueueMeter } from './queueMeter.ts';
import type { RoomLog } from './roomLog.ts';

/** Rebuilds without one accepted frame between them after which the room is given up. */
const MAX_REBUILDS = 3;
/** How long the first words wait for somebody to be subscribed to them. */
const FIRST_LISTENER_MS = 2000;

type State =
  | { readonly status: 'open'; readonly microphone: Microphone }
  | { readonly status: 'rebuilding'; readonly done: Promise<void> }
  | { readonly status: 'closed' };

/** Words sent before anybody is subscribed are lost to all, so the first ones wait, within bounds. */
type Audience =
  | { readonly status: 'unknown' }
  | { readonly status: 'awaited'; readonly until: Promise<void> }
  | { readonly status: 'there' };

export interface LiveKitOutputOptions {
  /** Hz. */
  readonly sampleRate: number;
  readonly clock: Clock;
  readonly log: RoomLog;
  readonly microphone: Microphone;
  /** Publishes a new microphone in the place of a broken one, which is closed already. */
  readonly rebuild: () => Promise<Microphone>;
  /** The track is gone for good, and the room with it. */
  readonly onLost: (error: unknown) => void;
}

/** The one writer of a published track: bounded, cancellable, and it survives a native source that breaks or hangs. */
export class LiveKitOutput implements AudioOutput {
  readonly sampleRate: number;
  readonly #options: LiveKitOutputOptions;
  readonly #meter: QueueMeter;
  #state: State;
  /** Aborted and replaced by every clear: a write that began before it must not be heard after it. */
  #era = new AbortController();
  #inFlight: Promise<unknown> = Promise.resolve();
  #clearing: Promise<void> = Promise.resolve();
  #rebuilds = 0;
  #audience: Audience = { status: 'unknown' };

  constructor(options: LiveKitOutputOptions) {
    this.#options = options;
    this.sampleRate = options.sampleRate;
    this.#meter = new QueueMeter(options.clock, options.sampleRate);
    this.#state = { status: 'open', microphone: options.microphone };
  }

  /** SID of the track as published now, for the transcript; empty when there is none. */
  get trackSid(): string {
    return this.#state.status === 'open' ? this.#state.microphone.trackSid : '';
  }

  async write(frame: Int16Array): Promise<void> {
    // A copy owns its buffer from offset 0: rtc-node sends `buffer` and ignores `byteOffset`.
    const own = frame.slice();
    const era = this.#era.signal;
    await this.#clearing;
    await this.#someoneListens(era);
    for (;;) {
      const microphone = await this.#openMicrophone();
      if (era.aborted || (await this.#capture(microphone, own)) || era.aborted) return;
      this.#startRebuild(microphone);
    }
  }

  queuedSamples(): number {
    return this.#meter.queued;
  }

  clear(): Promise<void> {
    this.#era.abort();
    this.#era = new AbortController();
    this.#clearing = this.#empty(this.#inFlight);
    return this.#clearing;
  }

  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { status: 'closed' };
    this.#era.abort();
    this.#meter.reset();
    if (state.status === 'open') await state.microphone.close();
  }

  /** A capture runs in native code and can land after a clear, hence the second one. */
  async #empty(inFlight: Promise<unknown>): Promise<void> {
    this.#clearQueue();
    await inFlight;
    this.#clearQueue();
  }

  #clearQueue(): void {
    this.#meter.reset();
    if (this.#state.status !== 'open') return;
    try {
      this.#state.microphone.clearQueue();
    } catch (error) {
      this.#options.log.debug('the audio queue could not be cleared', { error });
    }
  }

  /** True when the frame was accepted. */
  async #capture(microphone: Microphone, frame: Int16Array): Promise<boolean> {
    this.#meter.add(frame.length);
    const capture = captureWithin(this.#options.clock, microphone, frame);
    this.#inFlight = capture;
    const failure = await capture;
    if (failure === undefined) {
      this.#rebuilds = 0;
      return true;
    }
    this.#meter.add(-frame.length);
    this.#options.log.warn('the audio track did not take a frame', { error: failure });
    return false;
  }

  async #openMicrophone(): Promise<Microphone> {
    while (this.#state.status === 'rebuilding') await this.#state.done;
    if (this.#state.status === 'closed') throw gone();
    return this.#state.microphone;
  }

  #startRebuild(broken: Microphone): void {
    if (this.#state.status !== 'open') return;
    this.#rebuilds++;
    this.#state = { status: 'rebuilding', done: this.#rebuild(broken) };
  }

  async #rebuild(broken: Microphone): Promise<void> {
    try {
      await broken.close();
      if (this.#rebuilds > MAX_REBUILDS) throw new Error('the audio track broke again and again');
      const microphone = await this.#options.rebuild();
      if (this.#state.status === 'closed') return await microphone.close();
      this.#meter.reset();
      this.#state = { status: 'open', microphone };
    } catch (error) {
      this.#state = { status: 'closed' };
      this.#options.onLost(error);
    }
  }

  async #someoneListens(era: AbortSignal): Promise<void> {
    if (this.#audience.status === 'unknown' && this.#state.status === 'open') {
      const subscribed = new AbortController();
      void this.#state.microphone.firstListener.then(() => subscribed.abort());
      const until = sleep(this.#options.clock, FIRST_LISTENER_MS, subscribed.signal).then(() => {
        this.#audience = { status: 'there' };
      });
      this.#audience = { status: 'awaited', until };
    }
    if (this.#audience.status !== 'awaited' || era.aborted) return;
    await Promise.race([this.#audience.until, aborted(era)]);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function gone(): VoiceAgentError {
  return new VoiceAgentError('VA_ROOM_CLOSED', 'The room is closed: nothing more can be said in it.');
}
