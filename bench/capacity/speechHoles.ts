import { FRAME_MS } from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';

/** Speech of the bench's voice has no pause in it: a silent frame between two audible ones is a hole. */
const AUDIBLE_DBFS = -50;
/** Longer silence is the end of an utterance, ms. */
const LONGEST_HOLE_MS = 300;

/** Counts holes in a voice that makes no pauses. */
export class SpeechHoles {
  #silentMs = Number.POSITIVE_INFINITY;
  holes = 0;
  speechMs = 0;

  /** One 20 ms frame; returns whether an utterance began with it. */
  add(frame: Int16Array): boolean {
    if (level(frame) < AUDIBLE_DBFS) {
      this.#silentMs += FRAME_MS;
      return false;
    }
    const begins = this.#silentMs > LONGEST_HOLE_MS;
    if (!begins && this.#silentMs > 0) this.holes++;
    this.#silentMs = 0;
    this.speechMs += FRAME_MS;
    return begins;
  }

  reset(): void {
    this.holes = 0;
    this.speechMs = 0;
  }
}
