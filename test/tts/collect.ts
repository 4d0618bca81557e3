import type { CharMark, SpeechChunk } from '../../src/tts/textToSpeech.ts';

export interface Collected {
  readonly ms: number;
  readonly marks: readonly CharMark[];
  /** The characters of the marks. */
  readonly text: string;
}

export async function* texts(...clauses: readonly string[]): AsyncGenerator<string> {
  yield* clauses;
}

/** Everything an utterance delivers; the error that ends it is thrown. */
export async function collect(chunks: AsyncIterable<SpeechChunk>): Promise<Collected> {
  let samples = 0;
  const marks: CharMark[] = [];
  for await (const chunk of chunks) {
    samples += chunk.pcm.length;
    marks.push(...chunk.marks);
  }
  return { ms: samples / 24, marks, text: marks.map(({ char }) => char).join('') };
}

/** A source whose clauses come when the test says so. */
export function pushable(): AsyncIterable<string> & { push(clause: string): void; end(): void } {
  const waiting: string[] = [];
  let isEnded = false;
  let wake = () => {};
  return {
    push(clause) {
      waiting.push(clause);
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = waiting.shift();
        if (next !== undefined) yield next;
        else if (isEnded) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
