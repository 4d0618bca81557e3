const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/**
 * The server may send a partial 0–50 ms after the commit's answer that only repeats it, or its beginning. Within a
 * short time of the answer such a partial says nothing about the next segment.
 */
export class StalePartialFilter {
  readonly #windowMs: number;
  #last: { readonly words: readonly string[]; readonly at: number } | undefined;

  constructor(windowMs = 250) {
    this.#windowMs = windowMs;
  }

  committed(text: string, at: number): void {
    this.#last = { words: words(text), at };
  }

  isStale(text: string, at: number): boolean {
    const last = this.#last;
    if (last === undefined || at - last.at > this.#windowMs) return false;
    const own = words(text);
    // A partial cuts its last word short now and then.
    return own.every((word, index) =>
      index === own.length - 1 ? last.words[index]?.startsWith(word) : last.words[index] === word,
    );
  }
}
