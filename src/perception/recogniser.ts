/** What a recogniser made of a piece of speech. */
export interface Transcript {
  /** '' for no words. */
  readonly text: string;
  /** How sure it is of each piece of a word, in order: 0 to 1. */
  readonly sure: readonly number[];
}

/** A recogniser on this machine, shared by all calls of the process. */
export interface Recogniser {
  /** Loads the model; `transcribe` does so by itself, later. Rejects with `VA_LOCAL_MODEL`. */
  warm(): Promise<void>;
  /**
   * Words in a piece of 16 kHz mono speech; '' when there are none. At most about 10 s at a time.
   * Resolves with undefined when `deadlineMs` passed first: the answer is then of no use.
   */
  transcribe(pcm: Int16Array, options?: { deadlineMs?: number }): Promise<string | undefined>;
  /** The same, with how sure it is; one that cannot tell leaves it out. */
  hear?(pcm: Int16Array, options?: { deadlineMs?: number }): Promise<Transcript | undefined>;
  close(): Promise<void>;
}
