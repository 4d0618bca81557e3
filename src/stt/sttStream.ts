import { INPUT_FRAME_SAMPLES, INPUT_RATE } from '../audio/format.ts';
import type { AdapterLog } from '../elevenlabs/adapterLog.ts';
import type { Clock } from '../time/clock.ts';
import { AudioLedger, type Settled } from './audioLedger.ts';
import { EventQueue } from './eventQueue.ts';
import { RetryBudget } from './retryBudget.ts';
import type { SttEvent, SttStream } from './speechToText.ts';
import { StalePartialFilter } from './stalePartial.ts';
import { SttConnection } from './sttConnection.ts';
import { answerTimeout, retriesSpent, type SttFailure } from './sttFailure.ts';
import type { SttTuning } from './sttTuning.ts';

export interface SttStreamOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly log: AdapterLog;
  readonly tuning: SttTuning;
}

type Phase =
  | { readonly type: 'connecting'; readonly connection: SttConnection }
  | { readonly type: 'live'; readonly connection: SttConnection; readonly since: number }
  | { readonly type: 'waiting'; readonly cancel: () => void }
  | { readonly type: 'failed' }
  | { readonly type: 'closed' };

const samples = (ms: number) => Math.round((ms * INPUT_RATE) / 1000);
const SILENCE = new Int16Array(INPUT_FRAME_SAMPLES);

/** One caller's stream over as many connections as it takes: the ledger holds what each new one has to be told. */
export class ElevenLabsSttStream implements SttStream {
  readonly #options: SttStreamOptions;
  readonly #events: EventQueue<SttEvent>;
  readonly #ledger: AudioLedger;
  readonly #budget: RetryBudget;
  readonly #stale = new StalePartialFilter();
  #phase: Phase;
  /** One outage is announced once, however many attempts it takes. */
  #announced = false;
  #cancelKeepalive = () => {};
  #cancelWatchdog = () => {};

  constructor(options: SttStreamOptions, listener: (event: SttEvent) => void) {
    const { tuning } = options;
    this.#options = options;
    this.#events = new EventQueue(listener, options.log);
    this.#budget = new RetryBudget(tuning.retry);
    this.#ledger = new AudioLedger({
      chunkSamples: samples(tuning.chunkMs),
      maxChunkSamples: samples(tuning.replayChunkMs),
      minCommitSamples: samples(tuning.minCommitMs),
      paddedSamples: samples(tuning.paddedMs),
      forceSamples: samples(tuning.forceCommitMs),
      keepSamples: samples(tuning.keepMs),
      deliveries: tuning.deliveries,
    });
    this.#phase = this.#connect();
  }

  write(frame: Int16Array): void {
    if (this.#isOver()) return;
    this.#ledger.write(frame);
    this.#pump();
  }

  commit(commitId: string): void {
    if (this.#isOver()) return;
    this.#ledger.commit(commitId);
    this.#pump();
  }

  async close(): Promise<void> {
    const phase = this.#phase;
    this.#phase = { type: 'closed' };
    this.#events.clear();
    this.#stopTimers();
    if (phase.type === 'waiting') phase.cancel();
    if (phase.type === 'connecting' || phase.type === 'live') await phase.connection.close();
  }

  #isOver(): boolean {
    return this.#phase.type === 'failed' || this.#phase.type === 'closed';
  }

  #connect(): Phase {
    const { url, apiKey, clock, log, tuning } = this.#options;
    const connection = new SttConnection({
      url,
      apiKey,
      clock,
      log,
      sessionTimeoutMs: tuning.sessionTimeoutMs,
      onStarted: () => this.#started(connection),
      onPartial: (text) => this.#partial(text),
      onCommitted: (text) => this.#committed(text),
      onLost: (failure) => this.#lost(failure),
    });
    return { type: 'connecting', connection };
  }

  #started(connection: SttConnection): void {
    this.#phase = { type: 'live', connection, since: this.#options.clock.now() };
    this.#announced = false;
    this.#events.push({ type: 'connected' });
    this.#ledger.rewind();
    this.#armKeepalive();
    this.#pump();
  }

  #pump(): void {
    this.#emit(this.#ledger.settleLocally());
    if (this.#phase.type !== 'live') return;
    const { connection, since } = this.#phase;
    let committed = false;
    for (let due = this.#ledger.next(); due !== undefined; due = this.#ledger.next()) {
      if (due.type === 'audio') connection.send(due.pcm);
      else connection.send(new Int16Array(due.padding), { commit: true });
      committed ||= due.type === 'commit';
    }
    if (committed) this.#armWatchdog();
    // A connection that carried audio this long is sound, even where nobody has committed yet.
    if (connection.sentAt - since >= this.#options.tuning.soundAfterMs) this.#budget.reset();
  }

  #partial(text: string): void {
    // While a commit is unanswered a partial can only be about the audio before it.
    if (this.#ledger.awaited > 0 || this.#stale.isStale(text, this.#options.clock.now())) return;
    this.#events.push({ type: 'partial', text });
  }

  #committed(text: string): void {
    this.#budget.reset();
    this.#stale.committed(text, this.#options.clock.now());
    if (this.#ledger.awaited === 0) {
      this.#options.log.warn('speech-to-text committed unasked');
    }
    this.#emit(this.#ledger.answer(text));
    this.#armWatchdog();
    this.#pump();
  }

  #emit(settled: readonly Settled[]): void {
    for (const { commitId, text } of settled) this.#events.push({ type: 'committed', commitId, text });
  }

  #lost(failure: SttFailure): void {
    this.#stopTimers();
    const { log, clock } = this.#options;
    if (failure.terminal) {
      this.#fail(failure.error);
      return;
    }
    const wait = this.#budget.next();
    if (wait === undefined) {
      this.#fail(retriesSpent(this.#budget.failures, failure.error));
      return;
    }
    log.warn('speech-to-text connection lost', { error: failure.error.message, waitMs: Math.round(wait) });
    this.#ledger.rewind();
    if (!this.#announced) this.#events.push({ type: 'reconnecting', error: failure.error });
    this.#announced = true;
    this.#emit(this.#ledger.settleLocally());
    const cancel = clock.setTimer(wait, () => {
      this.#phase = this.#connect();
    });
    this.#phase = { type: 'waiting', cancel };
  }

  #fail(error: SttFailure['error']): void {
    this.#stopTimers();
    this.#phase = { type: 'failed' };
    this.#events.push({ type: 'failed', error });
  }

  /** The server closes after 15 s without a message (pings do not count). */
  #armKeepalive(): void {
    this.#cancelKeepalive();
    if (this.#phase.type !== 'live') return;
    const { connection } = this.#phase;
    const { clock, tuning } = this.#options;
    const due = connection.sentAt + tuning.keepaliveMs - clock.now();
    this.#cancelKeepalive = clock.setTimer(Math.max(due, 1), () => {
      if (clock.now() - connection.sentAt >= tuning.keepaliveMs) {
        const rest = this.#ledger.takeRest();
        if (rest) connection.send(rest);
        connection.send(SILENCE);
      }
      this.#armKeepalive();
    });
  }

  #armWatchdog(): void {
    this.#cancelWatchdog();
    if (this.#phase.type !== 'live' || this.#ledger.awaited === 0) return;
    const { connection } = this.#phase;
    const { clock, tuning } = this.#options;
    // A burst (a replay) is worked off in sequence: the wait grows with what was sent.
    const audioMs = (this.#ledger.keptSamples * 1000) / INPUT_RATE;
    const waitMs = tuning.answerTimeoutMs + audioMs * tuning.answerTimeoutPerAudio;
    this.#cancelWatchdog = clock.setTimer(waitMs, () => {
      connection.abandon();
      this.#lost(answerTimeout(waitMs));
    });
  }

  #stopTimers(): void {
    this.#cancelKeepalive();
    this.#cancelWatchdog();
  }
}
