import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../audio/format.ts';
import type { ConversationEvent } from '../conversation/event.ts';
import type { EchoGuard } from '../perception/echo/echoGuard.ts';
import type { Recogniser, Transcript } from '../perception/recogniser.ts';
import type { SpeechDetector, SpeechEvent } from '../perception/speechDetector.ts';
import type { SpeechToText, SttEvent, SttStream } from '../stt/speechToText.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { HeldAudio } from './heldAudio.ts';
import { LOOK_AUDIO } from './lookAudio.ts';
import { RecentAudio } from './recentAudio.ts';

/** Audio that stops for so long in the middle of speech (a muted or lost track) is taken as silence, ms. */
const STALL_MS = 400;
const STALL_CHECK_MS = 60;
/** Silence that is certain to end an utterance, ms. */
const CLOSING_SILENCE_MS = 1_000;
/** Wait before ears that failed are opened anew, ms. */
const REOPEN_MS = 5_000;

/** Speech over our echo is noticed later than speech over silence, ms. */
const LEAD_OVER_ECHO_MS = 120;
/** Within so long our own voice is found out when it comes back, ms. */
const FOUND_OUT_MS = 500;
/** A look at speech that goes on hears no more than its last part: longer takes longer than the answer is worth, ms. */
const LONGEST_LOOK_MS = 2_500;
/** Longest stretch that is read whole once it has ended, ms. */
const LONGEST_STRETCH_MS = 8_000;
/** An answer that takes longer has become useless, ms. */
const LOOK_DEADLINE_MS = 400;

/** A stretch of speech. Positions count audio since the call began, ms. */
interface Stretch {
  readonly onsetMs: number;
  /** Where it ended, or paused. */
  readonly endMs: number | undefined;
  readonly isOver: boolean;
  /** What follows this pause is a stretch of its own to the vendor. */
  readonly isCommitted: boolean;
}

export interface EarsOptions {
  readonly stt: SpeechToText;
  readonly detector: SpeechDetector;
  /** Undefined: nothing is heard locally; length and the vendor's words decide. */
  readonly recogniser: Recogniser | undefined;
  /** Undefined: our own voice, come back from a loudspeaker, is told by its words only. */
  readonly echo?: EchoGuard | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dispatch: (event: ConversationEvent) => void;
}

/** One caller's audio on its way to the detector, to speech-to-text and, when asked, to the local recogniser. Never waits. */
export class Ears {
  readonly #options: EarsOptions;
  readonly #recent = new RecentAudio(LONGEST_STRETCH_MS + CLOSING_SILENCE_MS);
  #stream: SttStream | undefined;
  readonly #held = new HeldAudio((frame) => this.#stream?.write(frame));
  #leadMs: number = LOOK_AUDIO.leadMs;
  #closed = false;
  /** What may be the beginning of speech has been heard. */
  #isRising = false;
  #speech: Stretch | undefined;
  #stall: () => void = () => {};
  #reopen: () => void = () => {};

  constructor(options: EarsOptions) {
    this.#options = options;
    this.#open();
  }

  hear(frame: Int16Array): void {
    if (this.#closed) return;
    this.#stall();
    this.#hearApart(frame);
    if (this.#isSpeaking() || this.#isRising) this.#watchStall();
  }

  /** One frame of what we ourselves say; `startMs`: when it leaves for the room. */
  hearOurselves(frame: Int16Array, startMs: number): void {
    this.#options.echo?.played(frame, startMs);
  }

  /** The caller's audio has stopped: whatever was being said ends here. */
  endSpeech(): void {
    if (!this.#isSpeaking() && !this.#isRising) return;
    const silence = new Int16Array(INPUT_FRAME_SAMPLES);
    for (let ms = 0; ms < CLOSING_SILENCE_MS; ms += FRAME_MS) this.#detect(silence);
  }

  commit(commitId: string): void {
    if (this.#speech?.endMs !== undefined) this.#speech = { ...this.#speech, isCommitted: true };
    // While the ears are away nothing was heard, and the turn must not wait for it.
    this.#held.flush();
    if (this.#stream) this.#stream.commit(commitId);
    else this.#options.dispatch({ type: 'stt.committed', commitId, text: '' });
  }

  /** Asks the local recogniser about the current stretch of speech; exactly one `user.heard` follows. */
  look(lookId: string, ended: boolean): void {
    const { recogniser, dispatch, log } = this.#options;
    const speech = this.#speech;
    // Of speech that goes on, all that there is: a short silence is a part of it.
    const endMs = (ended || speech?.isOver ? speech?.endMs : undefined) ?? this.#recent.endMs;
    const ms = speech ? endMs - speech.onsetMs : 0;
    const tell = (heard: Partial<Transcript> | undefined) => {
      const { text, sure } = heard ?? {};
      if (!this.#closed) dispatch({ type: 'user.heard', lookId, text, ms, ...(sure && { sure }) });
    };
    if (!recogniser || !speech || (ended && ms > LONGEST_STRETCH_MS)) {
      tell(undefined);
      return;
    }
    const { tailMs } = LOOK_AUDIO;
    const fromMs = ended ? speech.onsetMs : Math.max(speech.onsetMs, endMs - LONGEST_LOOK_MS);
    const pcm = this.#recent.between(fromMs - this.#leadMs, endMs, ended ? tailMs.ended : tailMs.goingOn);
    const options = { deadlineMs: LOOK_DEADLINE_MS };
    const heard: Promise<Partial<Transcript> | undefined> =
      recogniser.hear?.(pcm, options) ??
      recogniser.transcribe(pcm, options).then((text) => (text === undefined ? undefined : { text }));
    heard.then(tell, (error) => {
      log.warn('the local recogniser failed', { error });
      tell(undefined);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stall();
    this.#reopen();
    this.#options.detector.close();
    await this.#stream?.close();
  }

  /** Looks twice: after a stall of our own process the frames that were waiting come first. */
  #watchStall(): void {
    const { clock } = this.#options;
    this.#stall = clock.setTimer(STALL_MS, () => {
      this.#stall = clock.setTimer(STALL_CHECK_MS, () => this.endSpeech());
    });
  }

  #isSpeaking(): boolean {
    return this.#speech !== undefined && !this.#speech.isOver;
  }

  /** Tells the caller from our own voice. */
  #hearApart(frame: Int16Array): void {
    const { echo: guard, clock } = this.#options;
    const { echo, pcm } = guard?.hear(frame, clock.now()) ?? { echo: 'none', pcm: frame };
    const isOurs = echo === 'ours' || echo === 'found';
    this.#leadMs = isOurs || echo === 'mixed' ? LEAD_OVER_ECHO_MS : LOOK_AUDIO.leadMs;
    if (echo === 'found') {
      this.#held.discard();
      this.#recent.silence(FOUND_OUT_MS);
    }
    if (echo === 'none') {
      this.#held.flush();
      this.#stream?.write(pcm);
    } else this.#held.push(pcm, isOurs);
    this.#detect(isOurs ? new Int16Array(frame.length) : pcm, pcm);
  }

  /** `kept` is what the recogniser will hear of it. */
  #detect(frame: Int16Array, kept = frame): void {
    this.#recent.push(kept);
    this.#options.detector.push(frame).then(
      (events) => {
        for (const event of events) if (!this.#closed) this.#onSpeech(event);
      },
      (error) => this.#options.log.error('speech detection failed', { error }),
    );
  }

  #onSpeech(event: SpeechEvent): void {
    const { dispatch } = this.#options;
    const speech = this.#speech;
    this.#isRising = event.type === 'speechRising';
    switch (event.type) {
      case 'speechRising':
        this.#stall();
        this.#watchStall();
        dispatch({ type: 'user.maySpeak' });
        break;
      case 'speechFell':
        dispatch({ type: 'user.saidNothing' });
        break;
      case 'speechStarted':
        this.#speech = { onsetMs: event.onsetMs, endMs: undefined, isOver: false, isCommitted: false };
        dispatch({
          type: 'user.speechStarted',
          onsetAgoMs: Math.max(0, this.#recent.endMs - event.onsetMs),
        });
        break;
      case 'speechPausing':
        if (speech) this.#speech = { ...speech, endMs: event.endMs };
        dispatch({ type: 'user.pausing', silenceMs: event.silenceMs });
        break;
      case 'speechWentOn': {
        const { onsetMs = 0, endMs = onsetMs, isCommitted = false } = speech ?? {};
        const from = isCommitted ? endMs : onsetMs;
        this.#speech = { onsetMs: from, endMs: undefined, isOver: false, isCommitted: false };
        dispatch({ type: 'user.wentOn' });
        break;
      }
      case 'speechEnded': {
        const { onsetMs = event.endMs, isCommitted = false } = speech ?? {};
        this.#speech = { onsetMs, endMs: event.endMs, isOver: true, isCommitted };
        dispatch({ type: 'user.speechEnded', silenceMs: event.silenceMs });
      }
    }
  }

  #onText(event: SttEvent): void {
    const { dispatch, log, clock } = this.#options;
    switch (event.type) {
      case 'committed':
        dispatch({ type: 'stt.committed', commitId: event.commitId, text: event.text });
        break;
      case 'reconnecting':
        log.warn(event.error.message, { code: event.error.code });
        break;
      case 'failed':
        this.#stream = undefined;
        log.error(event.error.message, { code: event.error.code });
        if (event.error.retryable) this.#reopen = clock.setTimer(REOPEN_MS, () => this.#open());
        dispatch({ type: 'stt.failed' });
        break;
      default:
        break;
    }
  }

  #open(): void {
    if (!this.#closed) this.#stream = this.#options.stt.open((event) => this.#onText(event));
  }
}
