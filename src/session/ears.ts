import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../audio/format.ts';
import type { SpeechDetector, SpeechEvent } from '../perception/speechDetector.ts';
import type { SpeechToText, SttEvent, SttStream } from '../stt/speechToText.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';

/** Audio that stops for so long in the middle of speech (a muted or lost track) is taken as silence, ms. */
const STALL_MS = 400;
/** Silence that is certain to end an utterance, ms. */
const CLOSING_SILENCE_MS = 1_000;
/** Wait before ears that failed are opened anew, ms. */
const REOPEN_MS = 5_000;

/** One caller's audio on its way to the detector and to speech-to-text. Never waits for either. */
export class Ears {
  readonly #stt: SpeechToText;
  readonly #detector: SpeechDetector;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onSpeech: (event: SpeechEvent) => void;
  readonly #onText: (event: SttEvent) => void;
  #stream: SttStream | undefined;
  #closed = false;
  #speaking = false;
  #stall: () => void = () => {};
  #reopen: () => void = () => {};

  constructor(options: {
    stt: SpeechToText;
    detector: SpeechDetector;
    clock: Clock;
    log: Logger;
    onSpeech: (event: SpeechEvent) => void;
    onText: (event: SttEvent) => void;
  }) {
    this.#stt = options.stt;
    this.#detector = options.detector;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#onSpeech = options.onSpeech;
    this.#onText = options.onText;
    this.#open();
  }

  hear(frame: Int16Array): void {
    if (this.#closed) return;
    this.#stall();
    this.#stream?.write(frame);
    this.#detect(frame);
    if (this.#speaking) this.#stall = this.#clock.setTimer(STALL_MS, () => this.endSpeech());
  }

  /** The caller's audio has stopped: whatever was being said ends here. */
  endSpeech(): void {
    if (!this.#speaking) return;
    const silence = new Int16Array(INPUT_FRAME_SAMPLES);
    for (let ms = 0; ms < CLOSING_SILENCE_MS; ms += FRAME_MS) this.#detect(silence);
  }

  commit(commitId: string): void {
    // While the ears are away nothing was heard, and the turn must not wait for it.
    if (this.#stream) this.#stream.commit(commitId);
    else this.#onText({ type: 'committed', commitId, text: '' });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stall();
    this.#reopen();
    this.#detector.close();
    await this.#stream?.close();
  }

  #detect(frame: Int16Array): void {
    this.#detector.push(frame).then(
      (events) => {
        for (const event of events) {
          if (this.#closed) return;
          this.#speaking = event.type === 'speechStarted';
          this.#onSpeech(event);
        }
      },
      (error) => this.#log.error('speech detection failed', { error }),
    );
  }

  #open(): void {
    if (this.#closed) return;
    this.#stream = this.#stt.open((event) => {
      if (event.type === 'failed') {
        this.#stream = undefined;
        this.#log.error(event.error.message, { code: event.error.code });
        if (event.error.retryable) this.#reopen = this.#clock.setTimer(REOPEN_MS, () => this.#open());
      }
      if (event.type === 'reconnecting') this.#log.warn(event.error.message, { code: event.error.code });
      this.#onText(event);
    });
  }
}
