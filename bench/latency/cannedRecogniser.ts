import type { Recogniser } from '../../src/perception/recogniser.ts';

/** Hears at once, and always what it is told that was said: the speech-to-text vendor at no latency. */
export function cannedRecogniser(words: () => string): Recogniser {
  return {
    warm: async () => {},
    transcribe: async () => words(),
    close: async () => {},
  };
}
