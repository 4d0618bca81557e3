import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../audio/format.ts';
import { Framer } from '../audio/framer.ts';
import type { Recogniser } from '../perception/recogniser.ts';
import type { Room } from '../room/room.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { quietestMoment } from './quietestMoment.ts';
import { type SoundSpan, SoundSpans } from './soundSpans.ts';
import { Timeline } from './timeline.ts';

/** One thing the agent was heard to say, up to a pause. */
export interface Heard extends SoundSpan {
  readonly text: string;
}

/** A pause of the agent that ends what is transcribed in one piece, ms. */
const PIECE_PAUSE_MS = 300;
/** Longest piece given to the recogniser, ms. */
const LONGEST_PIECE_MS = 9_000;
/** A longer piece is cut after this at the earliest, ms. */
const SHORTEST_CUT_MS = 5_000;
/** Silence that is kept around a piece, ms. */
const LEAD_MS = 50;
const TAIL_MS = 150;

/**
 * A person on the phone, simulated: speaks recorded sentences into the room, listens to the agent's audio as it arrives,
 * understands it with a local recogniser, and remembers when everything was heard.
 */
export class Caller {
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #recogniser: Recogniser;
  readonly #own: Timeline;
  readonly #agent: Timeline;
  readonly #ownSound = new SoundSpans(500);
  readonly #agentSound = new SoundSpans(PIECE_PAUSE_MS);
  readonly #heard: Heard[] = [];
  readonly #hungUp = new AbortController();
  /** All that was audible until then has been given to the recogniser and answered, ms on the clock. */
  #understoodMs = Number.NEGATIVE_INFINITY;
  /** Called for each piece that was understood. */
  onHeard: (heard: Heard) => void = () => {};

  /** `room` publishes at 16 kHz. */
  constructor(options: { room: Room; clock: Clock; recogniser: Recogniser }) {
    this.#room = options.room;
    this.#clock = options.clock;
    this.#recogniser = options.recogniser;
    const now = this.#clock.now();
    this.#own = new Timeline(now);
    this.#agent = new Timeline(now);
    this.#room.on('audio', (frame, from) => {
      if (from.kind !== 'agent') return;
      // An ear: a frame is played from its arrival on. (A mouth, in `say`: a frame leaves when it is full.)
      const startMs = this.#agent.add(frame, this.#clock.now() + FRAME_MS);
      this.#agentSound.add(frame, startMs);
    });
    void this.#listen();
  }

  /** What the agent was heard to say so far, in order. */
  get heard(): readonly Heard[] {
    return this.#heard;
  }

  /** When the agent was audible. */
  get agentSound(): readonly SoundSpan[] {
    return this.#agentSound.spans;
  }

  /** Speaks; resolves when the last audible sample has been played, with when the speech was audible. */
  async say(pcm: Int16Array): Promise<SoundSpan> {
    const framer = new Framer(INPUT_FRAME_SAMPLES);
    const tail = framer.push(pcm);
    const last = framer.flush();
    const spoken = new SoundSpans(Number.POSITIVE_INFINITY);
    for (const frame of last ? [...tail, last] : tail) {
      // What is queued ahead is played before this frame.
      const queuedMs = (this.#room.output.queuedSamples() / INPUT_RATE) * 1000;
      const startMs = this.#clock.now() + queuedMs;
      await this.#room.output.write(frame);
      this.#own.add(frame, startMs + FRAME_MS);
      spoken.add(frame, startMs);
      this.#ownSound.add(frame, startMs);
    }
    const queuedMs = (this.#room.output.queuedSamples() / INPUT_RATE) * 1000;
    await sleep(this.#clock, queuedMs);
    const span = spoken.spans[0];
    return span ?? { startMs: this.#clock.now(), endMs: this.#clock.now() };
  }

  /** Sends a typed message. */
  async type(text: string): Promise<void> {
    await this.#room.sendChat(text);
  }

  /** Resolves with the first moment after `sinceMs` at which the agent is audible; undefined after `timeoutMs`. */
  agentStarts(sinceMs: number, timeoutMs: number): Promise<number | undefined> {
    return this.#until(timeoutMs, () => {
      const span = this.agentSound.find(({ endMs }) => endMs > sinceMs);
      return span && Math.max(span.startMs, sinceMs);
    });
  }

  /** Resolves with when the agent was last audible, once it has been silent for `quietMs`; undefined after `timeoutMs`. */
  agentStops(quietMs: number, timeoutMs: number): Promise<number | undefined> {
    return this.#until(timeoutMs, () => {
      const last = this.agentSound.at(-1)?.endMs;
      return last !== undefined && this.#clock.now() - last >= quietMs ? last : undefined;
    });
  }

  /** Resolves with the first piece after `sinceMs` that matches; undefined after `timeoutMs`. */
  hears(pattern: RegExp, sinceMs: number, timeoutMs: number): Promise<Heard | undefined> {
    return this.#until(timeoutMs, () =>
      this.#heard.find((heard) => heard.endMs > sinceMs && pattern.test(heard.text)),
    );
  }

  /** Resolves once everything audible by now has been understood; after `timeoutMs` without. */
  async understood(timeoutMs: number): Promise<void> {
    const lastMs = this.agentSound.at(-1)?.endMs ?? Number.NEGATIVE_INFINITY;
    await this.#until(timeoutMs, () => this.#understoodMs >= lastMs || undefined);
  }

  /** All words heard between two moments. */
  words(fromMs: number, toMs = Number.POSITIVE_INFINITY): string {
    return this.#heard
      .filter(({ startMs, endMs }) => endMs > fromMs && startMs < toMs)
      .map(({ text }) => text)
      .join(' ');
  }

  /** Both sides of the call so far: caller left, agent right, 16 kHz. */
  recording(): readonly [left: Int16Array, right: Int16Array] {
    return [this.#own.all(), this.#agent.all()];
  }

  async hangUp(): Promise<void> {
    this.#hungUp.abort();
    await this.#room.leave();
  }

  async #until<T>(timeoutMs: number, look: () => T | undefined): Promise<T | undefined> {
    const giveUpAt = this.#clock.now() + timeoutMs;
    for (;;) {
      const found = look();
      if (found !== undefined || this.#clock.now() >= giveUpAt || this.#hungUp.signal.aborted) return found;
      await sleep(this.#clock, FRAME_MS, this.#hungUp.signal);
    }
  }

  /** Transcribes the agent piece by piece, each as soon as a pause or its length completes it. */
  async #listen(): Promise<void> {
    while (!this.#hungUp.signal.aborted) {
      const piece = this.#nextPiece(this.#understoodMs);
      if (!piece) {
        await sleep(this.#clock, FRAME_MS, this.#hungUp.signal);
        continue;
      }
      const text = await this.#recogniser.transcribe(this.#agent.between(piece.startMs, piece.endMs));
      this.#understoodMs = piece.endMs;
      if (text === undefined || text === '') continue;
      const heard = { ...piece, text };
      this.#heard.push(heard);
      this.onHeard(heard);
    }
  }

  /** The next stretch of the agent's speech that is complete, or so long that it is cut where it is quietest. */
  #nextPiece(doneMs: number): SoundSpan | undefined {
    const span = this.agentSound.find(({ endMs }) => endMs > doneMs);
    if (!span) return undefined;
    const startMs = Math.max(span.startMs - LEAD_MS, doneMs);
    if (span.endMs - startMs > LONGEST_PIECE_MS) {
      const cutFrom = startMs + SHORTEST_CUT_MS;
      const cut = quietestMoment(this.#agent.between(cutFrom, startMs + LONGEST_PIECE_MS));
      return { startMs, endMs: cutFrom + cut };
    }
    if (this.#clock.now() - span.endMs <= PIECE_PAUSE_MS) return undefined;
    return { startMs, endMs: span.endMs + TAIL_MS };
  }
}
