import { OUTPUT_FRAME_SAMPLES, OUTPUT_RATE } from '../audio/format.ts';
import type { ConversationEvent } from '../conversation/event.ts';
import type { AudioOutput } from '../room/audioOutput.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { WakeUp } from '../time/wakeUp.ts';
import { DUCKED, Gain } from './gain.ts';
import { type Heard, heardText, lastHeard, NOTHING_HEARD, spell, wordBoundary } from './heardText.ts';
import type { UtteranceAudio } from './utteranceAudio.ts';

/** What playback tells of an utterance: `speech.started`, `speech.progress`, `speech.ended`. */
export type PlaybackEvent = Extract<ConversationEvent, { type: `speech.${string}` }>;

/** How far ahead a cut may wait for the end of a word, ms. */
const WORD_CUT_MS = 300;
/** Between an utterance that was cut at a word and the next one: or else they are heard as one, ms. */
const BREATH_MS = 140;

interface Current {
  readonly id: string;
  readonly audio: UtteranceAudio;
  /** Samples of silence to write before its first one. */
  silence: number;
  /** Next sample to write. */
  position: number;
  /** Silence that fills up the last frame written, in samples. */
  padding: number;
  started: boolean;
  /** How far its words were reported as heard. */
  reported: Heard;
  /** Sample at which a cut at a word boundary takes effect. */
  stopAt: number;
}

type State =
  | { readonly status: 'idle' }
  | { readonly status: 'playing'; readonly current: Current }
  | { readonly status: 'held'; readonly current: Current }
  | { readonly status: 'closed' };

/**
 * Our voice in the room: one utterance at a time, cancellable at any sample, and always able to tell what was heard.
 * One loop is the only writer of the output; every other method only changes the state that the loop obeys.
 */
export class Playback {
  readonly #output: AudioOutput;
  readonly #clock: Clock;
  readonly #listener: (event: PlaybackEvent) => void;
  readonly #gain = new Gain();
  readonly #wake = new WakeUp();
  /** Aborted and replaced whenever what is written or awaited no longer counts. */
  #epoch = new AbortController();
  #state: State = { status: 'idle' };
  /** Until when it is silent after an utterance that was cut at a word, on the clock. */
  #silentUntil = 0;
  /** The clear under way; nothing is written before it is over. */
  #clearing: Promise<void> = Promise.resolve();

  constructor(options: { output: AudioOutput; clock: Clock; listener: (event: PlaybackEvent) => void }) {
    this.#output = options.output;
    this.#clock = options.clock;
    this.#listener = options.listener;
    void this.#run();
  }

  /** Starts an utterance; the one before must have ended. Its audio may still be growing. */
  play(id: string, audio: UtteranceAudio): void {
    if (this.#state.status !== 'idle') throw new Error(`playback is ${this.#state.status}`);
    audio.onChange = () => this.#wake.call();
    // Whoever was interrupted at low volume begins the next sentence at full volume.
    this.#gain.target = 1;
    this.#gain.jump();
    const current = {
      id,
      audio,
      silence: toSamples(Math.max(0, this.#silentUntil - this.#clock.now())),
      position: 0,
      padding: 0,
      started: false,
      reported: NOTHING_HEARD,
      stopAt: Number.POSITIVE_INFINITY,
    };
    this.#state = { status: 'playing', current };
    this.#wake.call();
  }

  /** Lowers the voice by 12 dB, still going. */
  duck(): void {
    this.#gain.target = DUCKED;
  }

  restore(): void {
    this.#gain.target = 1;
  }

  /** Falls silent at once and remembers the sample. */
  hold(): void {
    if (this.#state.status !== 'playing') return;
    const { current } = this.#state;
    current.position = this.#heardSamples(current);
    current.silence = 0;
    this.#state = { status: 'held', current };
    this.#drop();
  }

  /** Goes on at the very sample at which `hold` stopped. */
  resume(): void {
    if (this.#state.status !== 'held') return;
    this.#state = { status: 'playing', current: this.#state.current };
    this.#wake.call();
  }

  /** Ends an utterance early; `ended` follows when it is silent. Without effect on an utterance that is not current. */
  cut(id: string, when: 'now' | 'word'): void {
    const state = this.#state;
    if ((state.status !== 'playing' && state.status !== 'held') || state.current.id !== id) return;
    const { current } = state;
    if (state.status === 'playing' && when === 'word') {
      const boundary = wordBoundary(
        current.audio.marks,
        toMs(current.position),
        toMs(this.#heardSamples(current)) + WORD_CUT_MS,
      );
      if (boundary !== undefined) {
        // The end of the last word is a guess, and of what is missing nothing may ever come.
        const end = Math.min(toSamples(boundary), current.audio.samples);
        current.stopAt = Math.max(current.position, end);
        this.#wake.call();
        return;
      }
    }
    if (when === 'word') this.#breathe();
    if (state.status === 'playing') current.position = this.#heardSamples(current);
    const cleared = state.status === 'playing' ? this.#drop() : this.#clearing;
    this.#state = { status: 'idle' };
    const heard = heardText(current.audio.marks, toMs(current.position));
    void cleared.then(() => this.#emit({ type: 'speech.ended', utteranceId: id, heard, outcome: 'cut' }));
  }

  /** Silent for good. */
  async close(): Promise<void> {
    this.#state = { status: 'closed' };
    await this.#drop();
  }

  /** Throws away what the room has not played yet. */
  #drop(): Promise<void> {
    this.#epoch.abort();
    this.#epoch = new AbortController();
    const clearing = Promise.all([this.#clearing, this.#output.clear()]).then(() => {});
    this.#clearing = clearing.catch(() => {});
    this.#wake.call();
    return this.#clearing;
  }

  async #run(): Promise<void> {
    while (this.#state.status !== 'closed') {
      await this.#clearing;
      const wait = await this.#advance();
      if (wait) await this.#wake.wait();
    }
  }

  /** Writes one frame, or finishes what is complete; resolves with true when there is nothing to do but wait. */
  async #advance(): Promise<boolean> {
    if (this.#state.status !== 'playing') return true;
    const { current } = this.#state;
    const { audio } = current;
    if (current.silence > 0) {
      await this.#writeSilence(current);
      return false;
    }
    const end = Math.min(audio.samples, current.stopAt);
    const available = end - current.position;
    const noMore = audio.status !== 'filling' || end === current.stopAt;
    if (available >= OUTPUT_FRAME_SAMPLES || (noMore && available > 0)) {
      await this.#write(current, Math.min(available, OUTPUT_FRAME_SAMPLES));
      return false;
    }
    if (!noMore) return true;
    await this.#playOut(current);
    return false;
  }

  async #writeSilence(current: Current): Promise<void> {
    const { signal } = this.#epoch;
    current.silence -= OUTPUT_FRAME_SAMPLES;
    try {
      await this.#output.write(new Int16Array(OUTPUT_FRAME_SAMPLES));
    } catch {
      if (!signal.aborted) this.#end(current, 'failed');
    }
  }

  async #write(current: Current, count: number): Promise<void> {
    const { signal } = this.#epoch;
    const frame = new Int16Array(OUTPUT_FRAME_SAMPLES);
    current.audio.read(current.position, count, frame);
    this.#gain.apply(frame);
    current.position += count;
    current.padding = OUTPUT_FRAME_SAMPLES - count;
    try {
      await this.#output.write(frame);
    } catch {
      // The room is gone; the session hears of it from the room itself.
      if (!signal.aborted) this.#end(current, 'failed');
      return;
    }
    if (signal.aborted) return;
    if (!current.started) {
      current.started = true;
      this.#emit({ type: 'speech.started', utteranceId: current.id });
    }
    this.#report(current);
  }

  /** Waits until the room has played all that was written, unless something else happens first. */
  async #playOut(current: Current): Promise<void> {
    const { signal } = this.#epoch;
    for (;;) {
      const queued = this.#output.queuedSamples();
      if (queued <= 0) break;
      await sleep(this.#clock, toMs(queued), signal);
      if (signal.aborted) return;
      this.#report(current);
    }
    if (signal.aborted) return;
    const wasCut = current.position >= current.stopAt;
    if (wasCut) this.#breathe();
    this.#end(current, wasCut ? 'cut' : current.audio.status === 'failed' ? 'failed' : 'complete');
  }

  #breathe(): void {
    this.#silentUntil = this.#clock.now() + BREATH_MS;
  }

  #end(current: Current, outcome: 'complete' | 'cut' | 'failed'): void {
    this.#state = { status: 'idle' };
    const { marks } = current.audio;
    const heard = outcome === 'complete' ? spell(marks).trim() : heardText(marks, toMs(current.position));
    this.#emit({ type: 'speech.ended', utteranceId: current.id, heard, outcome });
  }

  #report(current: Current): void {
    const { marks } = current.audio;
    const heard = lastHeard(marks, toMs(this.#heardSamples(current)), current.reported);
    if (heard.end <= current.reported.end) return;
    current.reported = heard;
    const text = spell(marks.slice(0, heard.end)).trim();
    this.#emit({ type: 'speech.progress', utteranceId: current.id, heard: text });
  }

  /** Samples of the current utterance that have left for the listener. */
  #heardSamples(current: Current): number {
    const queued = Math.max(0, this.#output.queuedSamples() - current.padding);
    return Math.max(0, current.position - queued);
  }

  #emit(event: PlaybackEvent): void {
    this.#listener(event);
  }
}

const toMs = (samples: number): number => (samples / OUTPUT_RATE) * 1000;
const toSamples = (ms: number): number => Math.round((ms * OUTPUT_RATE) / 1000);
