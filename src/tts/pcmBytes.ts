/** Bytes of little-endian 16-bit PCM in arbitrary pieces → whole samples; an odd byte waits for the next piece. */
export class PcmBytes {
  #odd: Uint8Array = new Uint8Array(0);

  push(bytes: Uint8Array): Int16Array {
    // A copy of its own: a Node Buffer is a window on a shared pool, often at an odd offset.
    const all = new Uint8Array(this.#odd.length + bytes.length);
    all.set(this.#odd);
    all.set(bytes, this.#odd.length);
    const samples = all.length >> 1;
    this.#odd = all.slice(samples * 2);
    return new Int16Array(all.buffer, 0, samples);
  }
}
