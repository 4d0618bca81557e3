import type { TranscriptUpdate } from './room.ts';
import type { RoomLog } from './roomLog.ts';
import { ATTRIBUTE, TOPIC } from './topics.ts';

export interface TextWriter {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface TextStreamOptions {
  readonly topic: string;
  readonly attributes: Record<string, string>;
  readonly senderIdentity?: string;
}

export interface TranscriptSenderOptions {
  readonly openStream: (options: TextStreamOptions) => Promise<TextWriter>;
  /** SID of our audio track at this moment; empty when there is none. */
  readonly trackSid: () => string;
  /** Told apart by this, lines of an agent that was started anew do not replace older ones on an open page. */
  readonly membership: string;
  readonly log: RoomLog;
}

interface OpenLine {
  readonly segmentId: string;
  readonly writer: TextWriter;
  readonly text: string;
}

/**
 * Publishes transcript lines the way front ends assemble them. The agent's line is one stream of additions, so that
 * it appears word by word, and one short stream with the whole text marks it final. A person's line is a new stream
 * with the whole text at each update, sent in that person's name.
 */
export class TranscriptSender {
  readonly #options: TranscriptSenderOptions;
  readonly #open = new Map<string, OpenLine>();
  #queue: Promise<void> = Promise.resolve();

  constructor(options: TranscriptSenderOptions) {
    this.#options = options;
  }

  /** In order. Never rejects: a line that cannot be shown must not disturb the call. */
  publish(update: TranscriptUpdate): Promise<void> {
    return this.#enqueue(() => this.#send(update));
  }

  /** Ends the streams that are still open. */
  close(): Promise<void> {
    return this.#enqueue(async () => {
      for (const line of [...this.#open.values()]) await this.#end(line);
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      this.#options.log.debug('a transcript line could not be sent', { error });
    });
    return this.#queue;
  }

  async #send(update: TranscriptUpdate): Promise<void> {
    if (update.speaker === 'user') return this.#sendWhole(update);
    const line = this.#open.get(update.segmentId);
    if (line !== undefined && (update.final || !update.text.startsWith(line.text))) await this.#end(line);
    if (update.final) await this.#sendWhole(update);
    else await this.#extend(update);
  }

  async #sendWhole(update: TranscriptUpdate): Promise<void> {
    const writer = await this.#start(update);
    if (update.text !== '') await writer.write(update.text);
    await writer.close();
  }

  async #extend(update: TranscriptUpdate): Promise<void> {
    const open = this.#open.get(update.segmentId);
    const writer = open?.writer ?? (await this.#start(update));
    this.#open.set(update.segmentId, { segmentId: update.segmentId, writer, text: update.text });
    const addition = update.text.slice(open?.text.length ?? 0);
    try {
      if (addition !== '') await writer.write(addition);
    } catch (error) {
      this.#open.delete(update.segmentId);
      throw error;
    }
  }

  async #end(line: OpenLine): Promise<void> {
    this.#open.delete(line.segmentId);
    await line.writer.close();
  }

  #start(update: TranscriptUpdate): Promise<TextWriter> {
    const trackSid = this.#options.trackSid();
    return this.#options.openStream({
      topic: TOPIC.transcription,
      attributes: {
        [ATTRIBUTE.segmentId]: `${this.#options.membership}/${update.segmentId}`,
        [ATTRIBUTE.final]: String(update.final),
        ...(trackSid === '' ? {} : { [ATTRIBUTE.trackId]: trackSid }),
      },
      ...(update.speaker === 'user' && update.identity !== undefined
        ? { senderIdentity: update.identity }
        : {}),
    });
  }
}
