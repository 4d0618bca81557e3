import type { Clock } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { type CharTimes, sliceChars } from './alignment.ts';
import type { Behaviour } from './behaviour.ts';
import type { Spoken } from './speaker.ts';
import type { TtsPeer } from './ttsPeer.ts';
import type { TtsConfig } from './ttsQuery.ts';
import { toBytes } from './wireAudio.ts';

export interface TtsContextOptions {
  readonly peer: TtsPeer;
  readonly config: TtsConfig;
  readonly behaviour: Behaviour;
  readonly clock: Clock;
  readonly say: (text: string) => Promise<Spoken>;
  /** On multi-context sockets. */
  readonly contextId: string | undefined;
  /** Everything that was asked for has been delivered after the end of input. */
  readonly onDone: () => void;
  readonly onTimeout: () => void;
}

const DEFAULT_SCHEDULE = [120, 160, 250, 290];
const FRAME_MS = 250;

/** Text in, generations out, in order: the buffer of one context, or of a whole single socket. */
export class TtsContext {
  readonly #options: TtsContextOptions;
  #schedule: readonly number[] = DEFAULT_SCHEDULE;
  #settings: string | undefined;
  #buffer = '';
  #generated = 0;
  #audioMs = 0;
  #isEnded = false;
  #work: Promise<void> = Promise.resolve();
  #cancelInactivity = () => {};

  constructor(options: TtsContextOptions) {
    this.#options = options;
    this.touch();
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** First message's settings; false when a later message changes `voice_settings`. */
  configure(voiceSettings: unknown, generation: unknown, isFirst: boolean): boolean {
    const schedule: unknown = Reflect.get(Object(generation), 'chunk_length_schedule');
    if (Array.isArray(schedule) && schedule.length > 0) this.#schedule = schedule.map(Number);
    if (voiceSettings === undefined || voiceSettings === null) return true;
    const given = JSON.stringify(voiceSettings);
    if (isFirst) this.#settings = given;
    return this.#settings === given;
  }

  /** Resets the inactivity timer. */
  touch(): void {
    this.#cancelInactivity();
    if (this.#isEnded) return;
    const { clock, config, behaviour, onTimeout } = this.#options;
    const ms = behaviour.limits.ttsInactivityMs ?? config.inactivityMs;
    this.#cancelInactivity = clock.setTimer(ms, onTimeout);
  }

  text(text: string, options: { flush: boolean; trigger: boolean }): void {
    this.#buffer += text;
    const threshold = this.#schedule[Math.min(this.#generated, this.#schedule.length - 1)] ?? 120;
    const isDue = this.#options.config.autoMode || options.trigger || this.#buffer.length >= threshold;
    if (options.flush || (isDue && text.trim() !== '')) this.flush();
  }

  flush(): void {
    const text = this.#buffer.trimStart();
    this.#buffer = '';
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    this.#generated += 1;
    const askedAt = this.#options.clock.now();
    const before = this.#work;
    this.#work = this.#generate(text, askedAt, before).catch(() =>
      this.#options.peer.fail('internal_error', 'The offline voice failed.'),
    );
  }

  /** No more input. What was flushed is still spoken; what was not is dropped, unless it is asked for. */
  end(options: { flush: boolean }): void {
    if (this.#isEnded) return;
    if (options.flush) this.flush();
    this.#isEnded = true;
    this.#cancelInactivity();
    void this.#work.then(() => this.#options.onDone());
  }

  /** The socket is gone: no timer is left. */
  dispose(): void {
    this.#isEnded = true;
    this.#cancelInactivity();
  }

  async #generate(text: string, askedAt: number, before: Promise<void>): Promise<void> {
    const { clock, say, peer, behaviour } = this.#options;
    const spoken = await Promise.all([say(text), before]).then(([result]) => result);
    const wait = askedAt + behaviour.latency.ttsFirstByteMs - clock.now();
    if (wait > 0) await sleep(clock, wait, peer.over);
    const frames = frameBounds(spoken);
    for (const [index, [from, to]] of frames.entries()) {
      if (peer.isFailed || peer.suffer('audio', this.#options.contextId)) return;
      this.#sendFrame(spoken, from, to, index === 0);
      if (index < frames.length - 1) await sleep(clock, behaviour.latency.ttsFrameGapMs, peer.over);
    }
    this.#audioMs += (spoken.pcm.length * 1000) / spoken.rate;
  }

  #sendFrame(spoken: Spoken, from: number, to: number, isFirst: boolean): void {
    const { peer, contextId, config, behaviour } = this.#options;
    const ms = (samples: number) => (samples * 1000) / spoken.rate;
    const end = to === spoken.pcm.length ? Number.POSITIVE_INFINITY : ms(to);
    const own = config.syncAlignment
      ? sliceChars(spoken.times, ms(from), end)
      : isFirst
        ? spoken.times
        : undefined;
    const bases = { generation: 0, context: this.#audioMs, frame: -ms(from) };
    const times = behaviour.quirks.noAlignment ? undefined : own;
    const base = Math.round(bases[behaviour.quirks.alignmentBase]);
    const frame = {
      audio: toBytes(spoken.pcm.subarray(from, to)).toString('base64'),
      isFinal: null,
      alignment: times ? wireTimes(times, base) : null,
      normalizedAlignment: times ? wireTimes(normalised(times), base) : null,
    };
    const id = contextId === undefined ? {} : { [behaviour.quirks.contextKey]: contextId };
    peer.send({ ...frame, ...id }, ms(to - from));
  }
}

/** At least two frames a generation. */
function frameBounds({ pcm, rate }: Spoken): [number, number][] {
  const size = Math.min(Math.round((rate * FRAME_MS) / 1000), Math.ceil(pcm.length / 2));
  const bounds: [number, number][] = [];
  for (let from = 0; from < pcm.length; from += size) bounds.push([from, Math.min(from + size, pcm.length)]);
  return bounds;
}

function wireTimes(times: CharTimes, base: number): object {
  return {
    chars: times.chars,
    charStartTimesMs: times.startsMs.map((start) => start + base),
    charDurationsMs: times.durationsMs,
  };
}

/** With a leading space instead of the trailing one. */
function normalised({ chars, startsMs, durationsMs }: CharTimes): CharTimes {
  const isPadded = chars.at(-1) === ' ';
  return {
    chars: [' ', ...(isPadded ? chars.slice(0, -1) : chars)],
    startsMs: [startsMs[0] ?? 0, ...(isPadded ? startsMs.slice(0, -1) : startsMs)],
    durationsMs: [0, ...(isPadded ? durationsMs.slice(0, -1) : durationsMs)],
  };
}
