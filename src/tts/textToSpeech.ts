/** Where a character of the spoken text begins, in milliseconds from the first sample of its utterance. */
export interface CharMark {
  readonly char: string;
  readonly startMs: number;
}

export interface SpeechChunk {
  /** 24 kHz mono; may be empty. */
  readonly pcm: Int16Array;
  /** Marks of characters that begin in audio delivered so far or in this chunk or soon after; in order, each once. */
  readonly marks: readonly CharMark[];
}

export interface TextToSpeech {
  /** Connects, so that the first utterance pays no handshake. Rejects with `VA_TTS_AUTH` or `VA_TTS_FAILED`. */
  warm(): Promise<void>;
  /**
   * Speaks one utterance. `clauses` are whole speakable phrases; each is synthesised as soon as it arrives. The marks of
   * a complete utterance spell the clauses joined by single spaces. The iterable ends when all audio was delivered, ends
   * early without an error when `signal` aborts, and throws `VA_TTS_…` when the voice fails; what was yielded stays valid.
   */
  speak(clauses: AsyncIterable<string>, options: { signal: AbortSignal }): AsyncIterable<SpeechChunk>;
  close(): Promise<void>;
}
