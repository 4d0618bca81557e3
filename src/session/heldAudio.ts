import { FRAME_MS } from '../audio/format.ts';

/** Our own voice is found out within this, ms. */
const HELD_MS = 400;
/** Somebody who is noticed to speak began no longer ago than this, ms. */
const BEGAN_MS = 240;

/** Frames on their way to speech-to-text while we speak: held for a moment, until it is known whose they are. */
export class HeldAudio {
  readonly #write: (frame: Int16Array) => void;
  readonly #held: { readonly pcm: Int16Array; isOurs: boolean }[] = [];

  constructor(write: (frame: Int16Array) => void) {
    this.#write = write;
  }

  /** Frames that are ours are passed on as silence, unless somebody turns out to have begun in them. */
  push(pcm: Int16Array, isOurs: boolean): void {
    if (!isOurs) for (const one of this.#held.slice(-BEGAN_MS / FRAME_MS)) one.isOurs = false;
    // Whoever gave the frame may use its buffer again.
    this.#held.push({ pcm: pcm.slice(), isOurs });
    while (this.#held.length > HELD_MS / FRAME_MS) this.#next();
  }

  /** All that is held turned out to be ours. */
  discard(): void {
    this.#held.splice(
      0,
      this.#held.length,
      ...this.#held.map(({ pcm }) => ({ pcm: new Int16Array(pcm.length), isOurs: true })),
    );
  }

  /** Passes on what is held, now. */
  flush(): void {
    while (this.#held.length > 0) this.#next();
  }

  #next(): void {
    const one = this.#held.shift();
    if (one) this.#write(one.isOurs ? new Int16Array(one.pcm.length) : one.pcm);
  }
}
