/** The latest samples of a stream, up to a bound: older ones are dropped. For pre-roll and for replay. */
export class Ring {
  readonly #samples: Int16Array;
  #next = 0;
  #length = 0;

  /** `capacity` in samples, at least 1. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`A ring holds at least one sample, not ${capacity}.`);
    }
    this.#samples = new Int16Array(capacity);
  }

  get capacity(): number {
    return this.#samples.length;
  }

  /** Samples held now. */
  get length(): number {
    return this.#length;
  }

  push(pcm: Int16Array): void {
    const kept = pcm.length > this.capacity ? pcm.subarray(pcm.length - this.capacity) : pcm;
    const head = Math.min(kept.length, this.capacity - this.#next);
    this.#samples.set(kept.subarray(0, head), this.#next);
    this.#samples.set(kept.subarray(head), 0);
    this.#next = (this.#next + kept.length) % this.capacity;
    this.#length = Math.min(this.capacity, this.#length + kept.length);
  }

  /** A copy of what is held, oldest first; or of its last `samples`. */
  read(samples: number = this.#length): Int16Array {
    const length = Math.max(0, Math.min(samples, this.#length));
    const out = new Int16Array(length);
    const start = (this.#next - length + this.capacity) % this.capacity;
    const head = Math.min(length, this.capacity - start);
    out.set(this.#samples.subarray(start, start + head));
    out.set(this.#samples.subarray(0, length - head), head);
    return out;
  }

  /** Turns the last `samples` that are held into silence. */
  silence(samples: number): void {
    for (let ago = 1; ago <= Math.min(samples, this.#length); ago++)
      this.#samples[(this.#next - ago + this.capacity) % this.capacity] = 0;
  }

  clear(): void {
    this.#next = 0;
    this.#length = 0;
  }
}
