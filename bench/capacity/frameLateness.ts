import { FRAME_MS } from '../../src/audio/format.ts';

/** Frames by whose earliest one the others are judged: one second. */
const WINDOW = 50;

/** How late frames come that are due every 20 ms: against the earliest of the last second, which is taken as on time. */
export class FrameLateness {
  readonly #offsets: number[] = [];
  #count = 0;

  /** `at`: arrival, ms. Returns by how much this frame is late, ms. */
  add(at: number): number {
    const offset = at - this.#count * FRAME_MS;
    this.#count++;
    this.#offsets.push(offset);
    if (this.#offsets.length > WINDOW) this.#offsets.shift();
    return offset - Math.min(...this.#offsets);
  }
}
