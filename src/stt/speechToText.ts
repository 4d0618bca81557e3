import type { VoiceAgentError } from '../errors.ts';

export type SttEvent =
  /** Replaces the previous partial. Late and rare by nature: nothing may depend on partials. */
  | { readonly type: 'partial'; readonly text: string }
  /** The answer to `commit(commitId)`, in order; `text` is '' for silence and noise. */
  | { readonly type: 'committed'; readonly commitId: string; readonly text: string }
  /** The connection was lost; uncommitted audio is kept and replayed. */
  | { readonly type: 'reconnecting'; readonly error: VoiceAgentError }
  | { readonly type: 'connected' }
  /** Given up (wrong key, quota, or the retry budget is spent). Every open commit is lost. Terminal. */
  | { readonly type: 'failed'; readonly error: VoiceAgentError };

export interface SttStream {
  /** 16 kHz mono, 20 ms. Never blocks and never throws; audio is kept while the connection is away. */
  write(frame: Int16Array): void;
  /** Ends a segment: exactly one `committed` with this id follows, unless the stream fails or is closed. */
  commit(commitId: string): void;
  close(): Promise<void>;
}

export interface SpeechToText {
  /** Opens one caller's stream at once (connecting in the background). Events arrive in order, never re-entrantly. */
  open(listener: (event: SttEvent) => void): SttStream;
}
