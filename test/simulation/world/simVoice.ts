import { OUTPUT_RATE } from '../../../src/audio/format.ts';
import { defaultConversationOptions } from '../../../src/conversation/options.ts';
import { VoiceAgentError } from '../../../src/errors.ts';
import { fixedLines } from '../../../src/session/fixedLines.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { sleep } from '../../../src/time/sleep.ts';
import type { CharMark, SpeechChunk, TextToSpeech } from '../../../src/tts/textToSpeech.ts';
import type { Random } from '../random.ts';
import { encode } from './soundCode.ts';

export const CHAR_MS = 50;
const CHAR_SAMPLES = (CHAR_MS * OUTPUT_RATE) / 1000;
/** Characters that come at a time: vendors send syllables or whole phrases. */
const CHUNK_CHARS = [5, 20, 60] as const;

/** Lines that the session has made ahead, and the one that the speaker keeps for a lost voice. */
const LINES: ReadonlySet<string> = new Set(fixedLines(defaultConversationOptions));
const KEPT = /^(Sorry, my voice is failing|Your task .* is ready\. Would you like)/;

/** One call of `speak`: what it delivered. */
export interface VoiceStream {
  readonly marks: CharMark[];
  /** It ended in the middle: the last word may be half a one. */
  broke: boolean;
}

/** How a call of `speak` goes: waits before a clause and after a chunk, ms; characters. */
interface Plan {
  readonly clauseMs: number;
  readonly gapMs: number;
  readonly breakAfter: number;
  readonly chunkChars: number;
}

/** A voice that takes `CHAR_MS` for each character; slow, hesitant or broken where the dice say so. */
export class SimVoice implements TextToSpeech {
  readonly streams: VoiceStream[] = [];
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #isTroubled: boolean;

  constructor(random: Random, clock: Clock, isTroubled: boolean) {
    this.#random = random;
    this.#clock = clock;
    this.#isTroubled = isTroubled;
  }

  warm(): Promise<void> {
    return sleep(this.#clock, this.#random.int(0, 300));
  }

  async close(): Promise<void> {}

  /** Whether this is a line that is made ahead and kept: it may be heard more than once. */
  isKept(stream: number): boolean {
    const { marks = [] } = this.streams[stream] ?? {};
    const text = marks.map(({ char }) => char).join('');
    return LINES.has(text) || KEPT.test(text);
  }

  async *speak(
    clauses: AsyncIterable<string>,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<SpeechChunk> {
    const number = this.streams.length;
    const stream: VoiceStream = { marks: [], broke: false };
    this.streams.push(stream);
    const { marks } = stream;
    const plan = this.#plan();
    for await (const clause of clauses) {
      if (signal.aborted) return;
      await sleep(this.#clock, plan.clauseMs, signal);
      const text = marks.length === 0 ? clause : ` ${clause}`;
      for (let i = 0; i < text.length; i += plan.chunkChars) {
        if (signal.aborted) return;
        if (marks.length >= plan.breakAfter) {
          stream.broke = true;
          throw new VoiceAgentError('VA_TTS_FAILED', 'The voice broke.', { retryable: true });
        }
        const from = marks.length;
        const added = [...text.slice(i, i + plan.chunkChars)].map((char, index) => ({
          char,
          startMs: (from + index) * CHAR_MS,
        }));
        marks.push(...added);
        yield { pcm: encode(number, from * CHAR_SAMPLES, added.length * CHAR_SAMPLES), marks: added };
        if (plan.gapMs > 0) await sleep(this.#clock, plan.gapMs, signal);
      }
    }
  }

  #plan(): Plan {
    const random = this.#random;
    const normal = {
      clauseMs: random.int(50, 400),
      gapMs: random.pick([0, 5, 40]),
      breakAfter: 1e9,
      chunkChars: random.pick(CHUNK_CHARS),
    };
    if (!this.#isTroubled || random.chance(0.5)) return normal;
    switch (random.int(0, 3)) {
      case 0:
        return { ...normal, clauseMs: random.int(500, 1_500) };
      case 1:
        // Slower than it is spoken: playback runs dry.
        return { ...normal, gapMs: normal.chunkChars * CHAR_MS + random.int(0, 200) };
      case 2:
        return { ...normal, breakAfter: 0 };
      default:
        return { ...normal, breakAfter: random.int(1, 80) };
    }
  }
}
