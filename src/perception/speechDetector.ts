/** What a voice activity detector reports about one audio stream. Times count audio, not the wall clock. */
export type SpeechEvent =
  /** The first sign of speech, at once; `speechStarted` or `speechFell`, if it was none, follows. May be left out. */
  | { readonly type: 'speechRising' }
  | { readonly type: 'speechFell' }
  /** `onsetMs`: position in the stream at which the speech truly began (walked back over the energy). */
  | { readonly type: 'speechStarted'; readonly onsetMs: number }
  /**
   * The first silence after speech, so long already; it may be the end, or a consonant. Comes again as it grows, until the
   * speech goes on (`speechWentOn`) or has ended (`speechEnded`).
   */
  | { readonly type: 'speechPausing'; readonly endMs: number; readonly silenceMs: number }
  | { readonly type: 'speechWentOn' }
  /** `silenceMs` of silence have followed; `endMs`: position at which the last speech ended. */
  | { readonly type: 'speechEnded'; readonly endMs: number; readonly silenceMs: number };

export interface SpeechDetector {
  /** One 20 ms frame at 16 kHz. Resolves with what it brought about, in order; calls may overlap, order is kept. */
  push(frame: Int16Array): Promise<readonly SpeechEvent[]>;
  close(): void;
}
