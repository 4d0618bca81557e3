import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../audio/format.ts';
import type { Recogniser } from '../../perception/recogniser.ts';
import type { SttErrorType } from '../../stt/sttFrames.ts';
import type { Clock } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import type { Behaviour } from './behaviour.ts';
import type { FaultAction, Faults } from './faults.ts';
import { type Heard, hear, isVoiced } from './hear.ts';
import { echoConfig, type SttConfig } from './sttQuery.ts';
import { timedWords } from './timedWords.ts';
import { bytesPerSecond, convertRate, decodeAudio, rateOf } from './wireAudio.ts';

export interface SttSessionOptions {
  readonly socket: WebSocket;
  readonly config: SttConfig;
  readonly recogniser: Recogniser;
  readonly behaviour: Behaviour;
  readonly faults: Faults;
  readonly clock: Clock;
  /** Told of each answered commit. */
  readonly onHeard: (text: string) => void;
}

/** Audio since the last commit, at the rate of the wire. */
interface Segment {
  parts: Int16Array[];
  samples: number;
  /** Voice activity, for the server's own commits and for partials. */
  voicedMs: number;
  silentMs: number;
}

const newSegment = (): Segment => ({ parts: [], samples: 0, voicedMs: 0, silentMs: 0 });

/** One realtime speech-to-text session, from `session_started` on. */
export class SttSession {
  readonly #options: SttSessionOptions;
  readonly #rate: number;
  readonly #over = new AbortController();
  #segment = newSegment();
  /** Samples that were committed before the open segment: times of words count from the stream's start. */
  #committedSamples = 0;
  #isFirst = true;
  #isHanging = false;
  #partialDueMs: number;
  #isHearingPartial = false;
  /** Answers go out in the order of the commits. */
  #answers: Promise<void> = Promise.resolve();
  #cancelIdle = () => {};

  constructor(options: SttSessionOptions) {
    this.#options = options;
    this.#rate = rateOf(options.config.audioFormat);
    this.#partialDueMs = options.behaviour.limits.sttPartialFromMs;
    options.socket.on('message', (data) => this.#receive(data.toString()));
    options.socket.on('close', () => this.#end());
    const { sttSessionMs } = options.behaviour.limits;
    if (Number.isFinite(sttSessionMs)) {
      const cancel = options.clock.setTimer(sttSessionMs, () =>
        this.#fail('session_time_limit_exceeded', 'Maximum session time reached.'),
      );
      this.#over.signal.addEventListener('abort', cancel);
    }
    this.#send({
      message_type: 'session_started',
      session_id: randomBytes(16).toString('hex'),
      config: echoConfig(options.config, this.#rate),
    });
    this.#armIdle();
  }

  #receive(raw: string): void {
    if (this.#over.signal.aborted || this.#isHanging) return;
    this.#armIdle();
    const message = parse(raw);
    if (typeof message === 'string') {
      this.#fail('input_error', message);
      return;
    }
    if (message.previousText !== undefined && !this.#isFirst) {
      this.#fail('input_error', 'previous_text can only be sent with the first audio chunk.');
      return;
    }
    this.#isFirst = false;
    const { config, behaviour, faults } = this.#options;
    const bytes = Buffer.from(message.audio, 'base64');
    if (bytes.length > behaviour.limits.sttChunkBytes) {
      this.#fail('chunk_size_exceeded', `Audio chunk of ${bytes.length} bytes is too large.`);
      return;
    }
    if (bytes.length > 0) this.#listen(decodeAudio(bytes, config.audioFormat), bytes.length);
    const fault =
      faults.take('stt', 'audio', this.#streamMs()) ?? (message.commit && faults.take('stt', 'commit'));
    if (fault) this.#suffer(fault);
    else if (message.commit) this.#commitOnRequest();
  }

  #listen(pcm: Int16Array, bytes: number): void {
    const { config, behaviour } = this.#options;
    const segment = this.#segment;
    segment.parts.push(pcm);
    segment.samples += pcm.length;
    const ms = (bytes * 1000) / bytesPerSecond(config.audioFormat);
    if (isVoiced(pcm)) {
      segment.voicedMs += ms;
      segment.silentMs = 0;
    } else {
      segment.silentMs += ms;
    }
    const isSpoken = segment.voicedMs >= config.minSpeechMs;
    if (config.vadCommits && isSpoken && segment.silentMs >= config.vadSilenceSecs * 1000) this.#commit();
    else if (this.#segmentMs() >= behaviour.limits.sttAutoCommitMs) this.#commit();
    else this.#partial();
  }

  #commitOnRequest(): void {
    const ms = this.#segmentMs();
    // A rounding error of one sample is no reason to refuse.
    if (ms + 0.1 >= this.#options.behaviour.limits.sttMinCommitMs) {
      this.#commit();
      return;
    }
    this.#fail(
      'commit_throttled',
      `Commit request ignored: only ${(ms / 1000).toFixed(2)}s of uncommitted audio. You need at least 0.3s of uncommitted audio before committing.`,
    );
  }

  #commit(): void {
    const { clock, behaviour, recogniser, onHeard } = this.#options;
    const segment = this.#segment;
    const startSecs = this.#committedSamples / this.#rate;
    this.#segment = newSegment();
    this.#committedSamples += segment.samples;
    const dueAt = clock.now() + behaviour.latency.sttCommitMs;
    const before = this.#answers;
    const answer = async () => {
      await before;
      if (this.#over.signal.aborted) return;
      const heard = await hear(recogniser, this.#pcm(segment));
      const left = dueAt - clock.now();
      if (left > 0) await sleep(clock, left, this.#over.signal);
      if (this.#over.signal.aborted) return;
      this.#answer(heard, startSecs);
      onHeard(heard.text);
    };
    this.#answers = answer().catch(() => this.#fail('transcriber_error', 'The local recogniser failed.'));
  }

  #answer(heard: Heard, startSecs: number): void {
    const { config, behaviour } = this.#options;
    const { text } = heard;
    const plain = { message_type: 'committed_transcript', text };
    if (!config.timestamps && !config.languageDetection) {
      this.#send(plain);
    } else {
      const hasWords = config.timestamps;
      const timed = {
        message_type: 'committed_transcript_with_timestamps',
        text,
        language_code: text === '' ? null : (config.languageCode ?? 'en'),
        words: hasWords ? timedWords(text, startSecs + heard.startSecs, startSecs + heard.endSecs) : null,
      };
      const frames = behaviour.quirks.timedFirst ? [timed, plain] : [plain, timed];
      for (const frame of frames) this.#send(frame);
    }
    if (behaviour.quirks.staleEchoPartial && text !== '')
      this.#send({ message_type: 'partial_transcript', text });
  }

  /** After 2 s of audio, then about one per second, of what is uncommitted; never two at a time. */
  #partial(): void {
    const { behaviour, recogniser } = this.#options;
    const segment = this.#segment;
    // In a pause a commit is near: the recogniser is kept free for it.
    if (this.#isHearingPartial || this.#streamMs() < this.#partialDueMs || segment.silentMs > 0) return;
    this.#partialDueMs = this.#streamMs() + behaviour.limits.sttPartialEveryMs;
    this.#isHearingPartial = true;
    const show = ({ text }: Heard) => {
      this.#isHearingPartial = false;
      if (text !== '' && segment === this.#segment) this.#send({ message_type: 'partial_transcript', text });
    };
    hear(recogniser, this.#pcm(segment)).then(show, () => {
      this.#isHearingPartial = false;
    });
  }

  /** The segment at 16 kHz. */
  #pcm(segment: Segment): Int16Array {
    const pcm = new Int16Array(segment.samples);
    let filled = 0;
    for (const part of segment.parts) {
      pcm.set(part, filled);
      filled += part.length;
    }
    // At least one frame, so that the levels of an empty segment are those of silence.
    return pcm.length === 0 ? new Int16Array(INPUT_FRAME_SAMPLES) : convertRate(pcm, this.#rate, INPUT_RATE);
  }

  #segmentMs(): number {
    return (this.#segment.samples * 1000) / this.#rate;
  }

  #streamMs(): number {
    return ((this.#committedSamples + this.#segment.samples) * 1000) / this.#rate;
  }

  #armIdle(): void {
    this.#cancelIdle();
    const { clock, behaviour, socket } = this.#options;
    this.#cancelIdle = clock.setTimer(behaviour.limits.sttIdleMs, () => {
      if (behaviour.quirks.idleError)
        this.#fail('insufficient_audio_activity', 'No audio was received for a while.');
      else socket.close(1000);
    });
  }

  #suffer(fault: FaultAction): void {
    const { socket } = this.#options;
    if (fault.do === 'error') {
      this.#fail(fault.error, fault.message ?? `Injected ${fault.error}.`);
      return;
    }
    this.#isHanging = true;
    if (fault.do === 'drop') socket.terminate();
    else if (fault.do === 'close') socket.close(fault.code, fault.reason);
  }

  #fail(type: SttErrorType | string, error: string): void {
    failStt(this.#options.socket, type, error);
    this.#end();
  }

  #send(frame: object): void {
    if (!this.#isHanging && !this.#over.signal.aborted) this.#options.socket.send(JSON.stringify(frame));
  }

  #end(): void {
    this.#cancelIdle();
    this.#over.abort();
  }
}

/** Every error frame comes right before a close with 1000; most name themselves in its reason. */
export function failStt(socket: WebSocket, type: SttErrorType | string, error: string): void {
  socket.send(JSON.stringify({ message_type: type, error }));
  socket.close(1000, type === 'auth_error' ? '' : type);
}

function parse(raw: string): { audio: string; commit: boolean; previousText: string | undefined } | string {
  let data: unknown;
  try {
    data = JSON.parse(raw);
  } catch {
    return 'Message is not valid JSON.';
  }
  const field = (name: string): unknown => Reflect.get(Object(data), name);
  const type = field('message_type') ?? 'input_audio_chunk';
  if (type !== 'input_audio_chunk') return `Unknown message_type '${String(type)}'.`;
  const audio = field('audio_base_64');
  if (typeof audio !== 'string') return 'audio_base_64 is required.';
  const previous = field('previous_text');
  return {
    audio,
    commit: field('commit') === true,
    previousText: typeof previous === 'string' ? previous : undefined,
  };
}
