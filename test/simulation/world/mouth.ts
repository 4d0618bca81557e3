import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../../../src/audio/format.ts';
import type { Clock } from '../../../src/time/clock.ts';

/** Speech without a pause. No words: a cough. */
export interface Stretch {
  readonly words: readonly string[];
  readonly ms: number;
  /** Silence behind it, ms. */
  readonly pauseMs: number;
}

/** A stretch as it was, or is being, spoken. */
interface Spoken extends Stretch {
  readonly startMs: number;
  /** When it ended, early or not; undefined while it goes on. */
  endMs: number | undefined;
  /** Words that speech-to-text has been given. */
  taken: number;
}

const VOICED = new Int16Array(INPUT_FRAME_SAMPLES).fill(1);
const SILENT = new Int16Array(INPUT_FRAME_SAMPLES);
/** Silence sent behind speech; after that the microphone is quiet, as a track with discontinuous transmission is. */
const TAIL_MS = 300;

/** The caller's voice: frames into the room, and the truth about what was said when. */
export class Mouth {
  readonly #clock: Clock;
  readonly #emit: (frame: Int16Array) => void;
  readonly #spoken: Spoken[] = [];
  #stop: () => void = () => {};
  #muted = false;

  constructor(clock: Clock, emit: (frame: Int16Array) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  get isSpeaking(): boolean {
    const last = this.#spoken.at(-1);
    return last !== undefined && last.endMs === undefined;
  }

  /** Resolves when the last stretch has been spoken, without the silence behind it. */
  async say(stretches: readonly Stretch[]): Promise<void> {
    for (const [index, stretch] of stretches.entries()) {
      if (this.#muted) return;
      const spoken: Spoken = { ...stretch, startMs: this.#clock.now(), endMs: undefined, taken: 0 };
      this.#spoken.push(spoken);
      await this.#frames(stretch.ms, VOICED);
      spoken.endMs ??= this.#clock.now();
      const isLast = index === stretches.length - 1;
      if (isLast) void this.#frames(TAIL_MS, SILENT);
      else await this.#frames(stretch.pauseMs, SILENT);
    }
  }

  /** The track stops in the middle of whatever is being said; `say` resolves. */
  mute(): void {
    this.#muted = true;
    const last = this.#spoken.at(-1);
    if (last) last.endMs ??= this.#clock.now();
    this.#stop();
  }

  unmute(): void {
    this.#muted = false;
  }

  /** Words that were completely said since they were last asked for: what a commit brings. */
  take(): string {
    const words: string[] = [];
    for (const spoken of this.#spoken) {
      const said = this.#saidOf(spoken);
      words.push(...spoken.words.slice(spoken.taken, said));
      spoken.taken = said;
    }
    return words.join(' ');
  }

  /** Words of the latest stretch so far: what the local recogniser can hear. */
  latest(): string {
    const last = this.#spoken.at(-1);
    return last ? last.words.slice(0, this.#saidOf(last)).join(' ') : '';
  }

  #saidOf({ words, ms, startMs, endMs }: Spoken): number {
    const spokenMs = (endMs ?? this.#clock.now()) - startMs;
    return spokenMs >= ms ? words.length : Math.floor((words.length * spokenMs) / ms);
  }

  #frames(ms: number, frame: Int16Array): Promise<void> {
    this.#stop();
    return new Promise((resolve) => {
      let leftMs = ms;
      const send = () => {
        if (leftMs <= 0) return resolve();
        this.#emit(frame);
        leftMs -= FRAME_MS;
        cancel = this.#clock.setTimer(FRAME_MS, send);
      };
      let cancel = this.#clock.setTimer(FRAME_MS, send);
      this.#stop = () => {
        cancel();
        resolve();
      };
    });
  }
}
