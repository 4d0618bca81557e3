/** A published track that takes PCM: what `LiveKitOutput` drives, and rebuilds when it breaks. */
export interface Microphone {
  /** Current SID of the published track; it changes when the room reconnects. */
  readonly trackSid: string;
  /** Resolves when somebody first subscribes; never rejects, and may never resolve. */
  readonly firstListener: Promise<void>;
  /**
   * Resolves when there is room for the next frame. Rejects when the native queue refuses it, and may hang for ever
   * when the native drain has stalled. The frame must own its buffer, from offset 0.
   */
  capture(frame: Int16Array): Promise<void>;
  /** Empties the native queue; a capture in flight can still land after it. */
  clearQueue(): void;
  /** Unpublishes and frees. Never rejects. */
  close(): Promise<void>;
}
