type Ending = { readonly type: 'done' } | { readonly type: 'failed'; readonly error: unknown };

/** What producers push, one consumer iterates; ended or failed once. Items pushed after that are dropped. */
export class ChunkQueue<Item> implements AsyncIterable<Item> {
  #items: Item[] = [];
  #ending: Ending | undefined;
  #wake = () => {};

  push(item: Item): void {
    if (this.#ending) return;
    this.#items.push(item);
    this.#wake();
  }

  end(): void {
    this.#ending ??= { type: 'done' };
    this.#wake();
  }

  /** Items before the failure are still delivered. */
  fail(error: unknown): void {
    this.#ending ??= { type: 'failed', error };
    this.#wake();
  }

  /** Ends at once, without what was not taken yet. */
  cancel(): void {
    this.#items = [];
    this.#ending = { type: 'done' };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#ending?.type === 'failed') throw this.#ending.error;
      else if (this.#ending) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
