/** Where the playback writer puts its frames. One writer only; every `write` is awaited before the next. */
export interface AudioOutput {
  /** Hz. */
  readonly sampleRate: number;
  /**
   * Takes one 20 ms frame and resolves when there is room for the next, so that at most 60 ms are ever queued.
   * Never rejects for a frame that `clear()` overtook. Rejects with `VA_ROOM_CLOSED` when the track is gone for good.
   */
  write(frame: Int16Array): Promise<void>;
  /** Samples given to `write`, the frame in flight included, that have not been played (or cleared) yet. */
  queuedSamples(): number;
  /** Drops what is queued, a frame in flight included; resolves when nothing more of it can become audible. */
  clear(): Promise<void>;
}
