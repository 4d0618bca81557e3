import type { TranscriptUpdate } from './room.ts';
import { ATTRIBUTE } from './topics.ts';

/** Lines remembered, so that a late piece of an old stream cannot undo a newer one. */
const MAX_LINES = 512;

export interface IncomingText extends AsyncIterable<string> {
  readonly info: { readonly streamId: string; readonly attributes?: Record<string, string> };
}

/**
 * Puts transcript lines together again: additions within a stream, a new stream replacing the line, and the last one
 * marked final. `onUpdate` gets the whole line each time.
 */
export class TranscriptReceiver {
  /** Segment id → id of the newest stream for it. */
  readonly #newest = new Map<string, string>();
  readonly #onUpdate: (update: TranscriptUpdate) => void;

  constructor(onUpdate: (update: TranscriptUpdate) => void) {
    this.#onUpdate = onUpdate;
  }

  /** Reads one stream to its end. Rejects when the stream breaks off. */
  async receive(stream: IncomingText, speaker: 'agent' | 'user', identity: string): Promise<void> {
    const { streamId, attributes = {} } = stream.info;
    const segmentId = attributes[ATTRIBUTE.segmentId] ?? streamId;
    const final = attributes[ATTRIBUTE.final] === 'true';
    this.#remember(segmentId, streamId);
    const emit = (text: string) => {
      if (this.#newest.get(segmentId) !== streamId) return;
      this.#onUpdate({ segmentId, speaker, ...(speaker === 'user' ? { identity } : {}), text, final });
    };
    let text = '';
    for await (const piece of stream) {
      text += piece;
      if (!final) emit(text);
    }
    if (final) emit(text);
  }

  #remember(segmentId: string, streamId: string): void {
    this.#newest.delete(segmentId);
    this.#newest.set(segmentId, streamId);
    if (this.#newest.size <= MAX_LINES) return;
    const oldest = this.#newest.keys().next();
    if (!oldest.done) this.#newest.delete(oldest.value);
  }
}
