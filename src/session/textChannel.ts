import { WakeUp } from '../time/wakeUp.ts';

/** Text on its way from a producer to one consumer. */
export class TextChannel implements AsyncIterable<string> {
  readonly #items: string[] = [];
  readonly #wake = new WakeUp();
  #closed = false;

  push(...items: readonly string[]): void {
    this.#items.push(...items);
    this.#wake.call();
  }

  close(): void {
    this.#closed = true;
    this.#wake.call();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#closed) return;
      else await this.#wake.wait();
    }
  }
}
