import type { Logger } from '../telemetry/log.ts';
import { WakeUp } from '../time/wakeUp.ts';
import { ClauseChunker } from '../tts/clauses.ts';
import type { SpeechCache } from '../tts/speechCache.ts';
import type { SpeechChunk, TextToSpeech } from '../tts/textToSpeech.ts';

export interface RehearsalOptions {
  readonly tts: TextToSpeech;
  readonly cache: SpeechCache;
  readonly log: Logger;
  /** Whether the voice has nothing to make that is to be heard now. */
  readonly isIdle: () => boolean;
}

/** Has lines spoken for later, one at a time, and only while the voice has nothing else to do. */
export class Rehearsal {
  readonly #options: RehearsalOptions;
  readonly #closing = new AbortController();
  readonly #wake = new WakeUp();
  #wanted: readonly string[] = [];
  #isRunning = false;

  constructor(options: RehearsalOptions) {
    this.#options = options;
  }

  /** The last ones asked for are made first. What cannot be made now is left to be made when it is said. */
  prepare(texts: readonly string[]): void {
    this.#wanted = [...new Set([...texts.filter((text) => text.trim() !== ''), ...this.#wanted])];
    if (!this.#isRunning) void this.#run();
  }

  /** The voice may have become idle. */
  check(): void {
    this.#wake.call();
  }

  close(): void {
    this.#closing.abort();
    this.#wake.call();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      const [text] = this.#wanted;
      if (text === undefined || this.#closing.signal.aborted) break;
      if (this.#options.cache.has(text)) this.#drop(text);
      else if (!this.#options.isIdle()) await this.#wake.wait();
      else {
        this.#drop(text);
        await this.#make(text);
      }
    }
    this.#isRunning = false;
  }

  #drop(text: string): void {
    this.#wanted = this.#wanted.filter((one) => one !== text);
  }

  async #make(text: string): Promise<void> {
    const { tts, cache, log } = this.#options;
    const { signal } = this.#closing;
    const chunks: SpeechChunk[] = [];
    try {
      for await (const chunk of tts.speak(phrases(text), { signal })) chunks.push(chunk);
      // Half a line would be worse than none.
      if (!signal.aborted && chunks.length > 0) cache.put(text, chunks);
    } catch (error) {
      log.debug('a line could not be made ahead', { error });
    }
  }
}

async function* phrases(text: string): AsyncGenerator<string> {
  const chunker = new ClauseChunker();
  yield* [...chunker.push(text), ...chunker.flush()];
}
