import { VoiceAgentError } from '../../../src/errors.ts';
import type { SpeechToText, SttEvent, SttStream } from '../../../src/stt/speechToText.ts';
import type { Clock } from '../../../src/time/clock.ts';
import type { Random } from '../random.ts';
import type { Mouth } from './mouth.ts';

/** Speech-to-text that knows what was said: fast, slow beyond all patience, deaf for a commit, or gone. */
export class SimEars implements SpeechToText {
  /** Words that no commit brought. */
  readonly lost: string[] = [];
  /** Failed, and not opened again. */
  isDeaf = false;
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #mouth: Mouth;
  readonly #isTroubled: boolean;

  constructor(random: Random, clock: Clock, mouth: Mouth, isTroubled: boolean) {
    this.#random = random;
    this.#clock = clock;
    this.#mouth = mouth;
    this.#isTroubled = isTroubled;
  }

  open(listener: (event: SttEvent) => void): SttStream {
    const clock = this.#clock;
    const timers = new Set<() => void>();
    this.isDeaf = false;
    // What was said while nobody listened.
    this.#lose(this.#mouth.take());
    let over = false;
    let free = 0;
    /** What commits that were not answered yet would bring. */
    const open = new Set<string>();
    const later = (atMs: number, run: () => void) => {
      const cancel = clock.setTimer(atMs - clock.now(), () => {
        timers.delete(cancel);
        run();
      });
      timers.add(cancel);
    };
    const close = () => {
      over = true;
      for (const cancel of timers) cancel();
    };
    return {
      write() {},
      commit: (commitId) => {
        if (over) return;
        const { ms, outcome } = this.#plan();
        const said = this.#mouth.take();
        const text = outcome === 'heard' ? said : '';
        if (outcome === 'failed') this.isDeaf = true;
        if (text !== said) this.#lose(said);
        else open.add(text);
        // Answers keep the order of the commits.
        free = Math.max(free + 1, clock.now() + ms);
        if (outcome === 'failed') {
          later(free, () => {
            close();
            for (const words of open) this.#lose(words);
            const error = new VoiceAgentError('VA_STT_FAILED', 'The ears are gone.', {
              retryable: this.#random.chance(0.8),
            });
            listener({ type: 'failed', error });
          });
        } else {
          later(free, () => {
            open.delete(text);
            listener({ type: 'committed', commitId, text });
          });
        }
      },
      async close() {
        close();
      },
    };
  }

  #lose(words: string): void {
    if (words !== '') this.lost.push(words);
  }

  #plan(): { readonly ms: number; readonly outcome: 'heard' | 'deaf' | 'failed' } {
    const random = this.#random;
    const ms = random.int(120, 450);
    if (!this.#isTroubled || random.chance(0.6)) return { ms, outcome: 'heard' };
    switch (random.int(0, 5)) {
      case 0:
        return { ms, outcome: 'deaf' };
      case 1:
        return { ms, outcome: 'failed' };
      case 2:
        // Longer than anybody waits for a commit: the connection was lost and came back.
        return { ms: random.int(2_500, 6_000), outcome: 'heard' };
      default:
        return { ms: random.int(400, 1_500), outcome: 'heard' };
    }
  }
}
