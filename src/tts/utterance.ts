import { OUTPUT_RATE } from '../audio/format.ts';
import type { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { ChunkQueue } from './chunkQueue.ts';
import { MarkTimeline } from './markTimeline.ts';
import { PcmBytes } from './pcmBytes.ts';
import type { SpeechChunk } from './textToSpeech.ts';
import { silenceFailure } from './ttsFailure.ts';
import type { Alignment } from './ttsFrames.ts';
import type { TtsContext, TtsSocket } from './ttsSocket.ts';
import type { TtsSocketPool } from './ttsSocketPool.ts';
import type { TtsTuning } from './ttsTuning.ts';

export interface UtteranceOptions {
  readonly pool: TtsSocketPool;
  readonly clock: Clock;
  readonly tuning: TtsTuning;
  /** Whether the utterance before was silent as well; told when this one is. */
  readonly silence: { wasSilent: boolean };
}

interface Speaking {
  readonly type: 'speaking';
  readonly socket: TtsSocket;
  readonly context: TtsContext;
  readonly mayRetry: boolean;
}

type Phase =
  /** Nothing was said yet. */
  | { readonly type: 'idle' }
  /** The socket died before anybody heard anything: another one is on its way. */
  | { readonly type: 'reviving' }
  | Speaking
  | { readonly type: 'over' };

/** One utterance: clauses go in, chunks of audio with marks come out of `chunks`. */
export class Utterance {
  readonly chunks = new ChunkQueue<SpeechChunk>();
  readonly #options: UtteranceOptions;
  readonly #timeline = new MarkTimeline();
  readonly #bytes = new PcmBytes();
  readonly #said: string[] = [];
  #phase: Phase = { type: 'idle' };
  #isFinished = false;
  /** No audio has come since the last clause was sent. */
  #awaitsAudio = false;
  #samples = 0;
  #cancelWatchdog = () => {};
  #cancelKeepalive = () => {};

  constructor(options: UtteranceOptions) {
    this.#options = options;
  }

  /** Dials while the first clause is still being written. */
  prepare(): void {
    this.#options.pool.current();
  }

  /** Sends one clause. Rejects when no socket can be had. */
  async say(clause: string): Promise<void> {
    if (this.#phase.type === 'idle') await this.#begin(true);
    if (this.#phase.type === 'over') return;
    this.#timeline.addClause(clause);
    this.#said.push(clause);
    if (this.#phase.type === 'speaking') this.#send(this.#phase, [clause]);
  }

  finish(): void {
    this.#isFinished = true;
    if (this.#phase.type === 'speaking') {
      this.#phase.context.finish();
      this.#cancelKeepalive();
      this.#armWatchdog();
    } else if (this.#phase.type === 'idle') {
      this.#over();
      this.chunks.end();
    }
  }

  /** Stops at once: nothing more comes out of `chunks`. */
  cancel(): void {
    if (this.#phase.type === 'speaking') this.#phase.context.cancel();
    this.#over();
    this.chunks.cancel();
  }

  fail(error: unknown): void {
    if (this.#phase.type === 'over') return;
    if (this.#phase.type === 'speaking') this.#phase.context.cancel();
    this.#over();
    this.chunks.fail(error);
  }

  async #begin(mayRetry: boolean): Promise<void> {
    const { socket, isReused } = await this.#options.pool.acquire();
    if (this.#phase.type === 'over') return;
    const context = socket.openContext({
      onAudio: (bytes, alignment) => this.#audio(bytes, alignment),
      onFinal: () => this.#final(),
      onError: (error) => this.#error(error),
    });
    this.#phase = { type: 'speaking', socket, context, mayRetry: mayRetry && isReused };
  }

  #send({ context }: Speaking, clauses: readonly string[]): void {
    for (const clause of clauses) context.say(clause);
    this.#awaitsAudio = true;
    this.#armWatchdog();
    this.#armKeepalive();
  }

  #audio(bytes: Uint8Array, alignment: Alignment | undefined): void {
    const startMs = this.#positionMs();
    const pcm = this.#bytes.push(bytes);
    this.#samples += pcm.length;
    const marks = alignment
      ? this.#timeline.align(alignment, startMs)
      : this.#timeline.skip(this.#positionMs());
    if (pcm.length > 0) {
      this.#options.silence.wasSilent = false;
      this.#awaitsAudio = false;
    }
    this.chunks.push({ pcm, marks });
    this.#armWatchdog();
  }

  #final(): void {
    const marks = this.#timeline.finish(this.#positionMs());
    if (marks.length > 0) this.chunks.push({ pcm: new Int16Array(0), marks });
    this.#over();
    this.chunks.end();
  }

  #error(error: VoiceAgentError): void {
    if (this.#phase.type !== 'speaking') return;
    // A warm socket may have died unnoticed before this utterance: nobody has heard anything, so say it again.
    if (!error.retryable || this.#samples > 0 || !this.#phase.mayRetry) {
      this.fail(error);
      return;
    }
    this.#cancelWatchdog();
    this.#phase = { type: 'reviving' };
    this.#begin(false).then(
      () => this.#sayAgain(),
      (reason: unknown) => this.fail(reason),
    );
  }

  #sayAgain(): void {
    if (this.#phase.type !== 'speaking') return;
    this.#send(this.#phase, this.#said);
    if (this.#isFinished) this.finish();
  }

  #positionMs(): number {
    return (this.#samples * 1000) / OUTPUT_RATE;
  }

  #armWatchdog(): void {
    this.#cancelWatchdog();
    if (this.#phase.type !== 'speaking' || (!this.#awaitsAudio && !this.#isFinished)) return;
    const { socket } = this.#phase;
    const { clock, tuning, silence } = this.#options;
    this.#cancelWatchdog = clock.setTimer(tuning.silenceMs, () => {
      const error = silenceFailure(tuning.silenceMs, silence.wasSilent);
      silence.wasSilent = true;
      this.fail(error);
      // Whatever holds the audio back, the next utterance should not share it; others may finish.
      socket.retire();
    });
  }

  #armKeepalive(): void {
    this.#cancelKeepalive();
    const { clock, tuning } = this.#options;
    this.#cancelKeepalive = clock.setTimer(tuning.keepaliveMs, () => {
      if (this.#phase.type !== 'speaking') return;
      this.#phase.context.keepAlive();
      this.#armKeepalive();
    });
  }

  #over(): void {
    this.#phase = { type: 'over' };
    this.#cancelWatchdog();
    this.#cancelKeepalive();
  }
}
