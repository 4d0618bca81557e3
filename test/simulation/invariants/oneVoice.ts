import type { Command } from '../../../src/conversation/command.ts';
import type { TimedEvent } from '../../../src/conversation/event.ts';
import type { ConversationState } from '../../../src/conversation/state.ts';
import type { PlayedFrame } from '../world/simOutput.ts';
import type { SimVoice } from '../world/simVoice.ts';
import { CHAR_MS } from '../world/simVoice.ts';
import { FULL_VOLUME, SAMPLES_PER_MS } from '../world/soundCode.ts';
import type { Fail, Invariant } from './invariant.ts';

/** An uninterrupted piece of one stream of the voice, in samples. */
export interface Run {
  readonly stream: number;
  readonly from: number;
  to: number;
}

/** Rounding of a cut in the middle of a frame. */
const ROUNDING = 1;
const FRAME_SAMPLES = 20 * SAMPLES_PER_MS;
/** Quiet speech outlasts the sound that made it quiet by a moment, ms. */
const DUCK_TAIL_MS = 200;

/**
 * One utterance at a time, from its `speech.play` to its `speech.ended`, without a sample lost or played twice. Keeps what
 * of each utterance the room has played.
 */
export class OneVoice implements Invariant {
  /** What was played of the utterance that is, or was last, current. */
  runs: Run[] = [];
  readonly #voice: SimVoice;
  readonly #fail: Fail;
  readonly #owners = new Map<number, string>();
  #current: string | undefined;
  #quietSinceMs = Number.POSITIVE_INFINITY;
  #userMaySpeak = false;
  #quietFrames = 0;

  constructor(voice: SimVoice, fail: Fail) {
    this.#voice = voice;
    this.#fail = fail;
  }

  get current(): string | undefined {
    return this.#current;
  }

  command(command: Command): void {
    if (command.type !== 'speech.play') return;
    if (this.#current) this.#fail(`${command.utteranceId} is to be played while ${this.#current} is`);
    this.#current = command.utteranceId;
    this.runs = [];
  }

  event(event: TimedEvent, state: ConversationState): void {
    if (event.type === 'speech.ended' && event.utteranceId === this.#current) this.#current = undefined;
    if (event.type === 'user.maySpeak') this.#userMaySpeak = true;
    if (event.type === 'user.saidNothing' || event.type === 'user.speechStarted') this.#userMaySpeak = false;
    const isQuiet =
      state.turn.status === 'listening' && state.overlap.status === 'none' && !this.#userMaySpeak;
    if (!isQuiet) this.#quietSinceMs = Number.POSITIVE_INFINITY;
    else if (this.#quietSinceMs > event.at) this.#quietSinceMs = event.at;
  }

  played(frame: PlayedFrame): void {
    const { code, samples } = frame;
    const last = this.runs.at(-1);
    if (!this.#current) {
      this.#fail(`sound at ${frame.startMs} after the end of every utterance`);
      return;
    }
    if (!code) {
      if (last) last.to += samples;
      return;
    }
    this.#own(code.stream, this.#current);
    if (last?.stream === code.stream) {
      if (Math.abs(code.position - last.to) > ROUNDING) {
        this.#fail(`${this.#current} jumps from sample ${last.to} to ${code.position} at ${frame.startMs}`);
      }
      last.to = code.position + samples;
    } else {
      // A frame may hold the end of one stream and the beginning of the next; it is told by one of them.
      if (code.position > this.#carried(last) + ROUNDING)
        this.#fail(`${this.#current} begins at sample ${code.position}`);
      if (last) last.to -= code.position;
      this.runs.push({ stream: code.stream, from: 0, to: code.position + samples });
    }
    const isQuiet = code.volume < FULL_VOLUME && frame.startMs > this.#quietSinceMs + DUCK_TAIL_MS;
    this.#quietFrames = isQuiet ? this.#quietFrames + 1 : 0;
    if (this.#quietFrames > 1) {
      this.#fail(`${this.#current} is still quiet at ${frame.startMs}, with nobody speaking`);
    }
  }

  /** Whether all of the last stream was played. */
  isWhole(): boolean {
    const last = this.runs.at(-1);
    if (!last) return true;
    return Math.abs(last.to - this.#length(last.stream)) <= ROUNDING;
  }

  /** How much of what was taken for the end of a stream may have been the beginning of the next, in samples. */
  #carried(last: Run | undefined): number {
    if (!last) return 0;
    // Of a stream that broke, nobody here knows how much was kept.
    if (this.#voice.streams[last.stream]?.broke) return FRAME_SAMPLES;
    return Math.max(0, last.to - this.#length(last.stream));
  }

  /** Of what the voice has delivered of a stream, in samples. */
  #length(stream: number): number {
    return (this.#voice.streams[stream]?.marks.length ?? 0) * CHAR_MS * SAMPLES_PER_MS;
  }

  #own(stream: number, utterance: string): void {
    const owner = this.#owners.get(stream);
    if (owner === utterance) return;
    this.#owners.set(stream, utterance);
    if (owner === undefined || this.#voice.isKept(stream)) return;
    this.#fail(`the voice of ${owner} is audible during ${utterance}`);
  }
}
