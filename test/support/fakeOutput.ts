import { OUTPUT_FRAME_SAMPLES, OUTPUT_RATE } from '../../src/audio/format.ts';
import type { AudioOutput } from '../../src/room/audioOutput.ts';
import type { Clock } from '../../src/time/clock.ts';

/** A room's track that plays in real time of the clock and keeps what became audible. */
export class FakeOutput implements AudioOutput {
  readonly sampleRate = OUTPUT_RATE;
  /** Every sample that was played; silence between utterances is not recorded. */
  readonly played: number[] = [];
  /** Most samples that were ever queued. */
  ahead = 0;
  broken = false;
  #queue: number[] = [];
  #space: (() => void) | undefined;
  #stop: () => void = () => {};

  constructor(clock: Clock) {
    const tick = () => {
      this.played.push(...this.#queue.splice(0, OUTPUT_FRAME_SAMPLES));
      this.#space?.();
      this.#stop = clock.setTimer(20, tick);
    };
    this.#stop = clock.setTimer(20, tick);
  }

  async write(frame: Int16Array): Promise<void> {
    if (this.broken) throw new Error('gone');
    this.#queue.push(...frame);
    this.ahead = Math.max(this.ahead, this.#queue.length);
    while (this.#queue.length > 2 * OUTPUT_FRAME_SAMPLES) {
      await new Promise<void>((resolve) => {
        this.#space = resolve;
      });
    }
  }

  queuedSamples(): number {
    return this.#queue.length;
  }

  async clear(): Promise<void> {
    this.#queue = [];
    this.#space?.();
  }

  close(): void {
    this.#stop();
  }
}
