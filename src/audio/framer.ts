/** Cuts a stream of chunks of any length into frames of exactly `size` samples. */
export class Framer {
  readonly #size: number;
  #rest = new Int16Array(0);

  /** `size` in samples, at least 1. */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`A frame has at least one sample, not ${size}.`);
    }
    this.#size = size;
  }

  /** Samples waiting for their frame to fill. */
  get pending(): number {
    return this.#rest.length;
  }

  /** The frames that this chunk completes. They are copies: the chunk may be reused. */
  push(chunk: Int16Array): Int16Array[] {
    const joined = new Int16Array(this.#rest.length + chunk.length);
    joined.set(this.#rest);
    joined.set(chunk, this.#rest.length);
    const frames: Int16Array[] = [];
    let position = 0;
    for (; position + this.#size <= joined.length; position += this.#size) {
      frames.push(joined.slice(position, position + this.#size));
    }
    this.#rest = joined.slice(position);
    return frames;
  }

  /** The last, unfinished frame, filled up with silence; undefined when nothing waits. */
  flush(): Int16Array | undefined {
    if (this.#rest.length === 0) return undefined;
    const frame = new Int16Array(this.#size);
    frame.set(this.#rest);
    this.#rest = new Int16Array(0);
    return frame;
  }
}
