import { AudioStream, type Track } from '@livekit/rtc-node';
import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../audio/format.ts';
import { Framer } from '../audio/framer.ts';
import type { RoomLog } from './roomLog.ts';

type Cancel = () => void;

export interface HearingOptions {
  readonly log: RoomLog;
  /** One 20 ms frame at 16 kHz, owned by the receiver. Must not wait: frames queue without bound behind it. */
  readonly onFrame: (frame: Int16Array, identity: string) => void;
}

/** The audio of others: one native stream for each speaker, resampled natively to 16 kHz. */
export class Hearing {
  readonly #options: HearingOptions;
  readonly #streams = new Map<string, Cancel>();

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** A speaker's newest track replaces the one before: after a reconnect all tracks are new objects. */
  open(track: Track, identity: string): void {
    this.close(identity);
    const stream = new AudioStream(track, { sampleRate: INPUT_RATE, numChannels: 1, frameSizeMs: FRAME_MS });
    const reader = stream.getReader();
    const cancel = () => {
      reader.cancel().catch((error: unknown) => {
        this.#options.log.debug('an audio stream did not close', { error, identity });
      });
    };
    this.#streams.set(identity, cancel);
    this.#read(reader, identity, cancel).catch((error: unknown) => {
      this.#options.log.warn('an audio stream broke', { error, identity });
    });
  }

  close(identity: string): void {
    const cancel = this.#streams.get(identity);
    this.#streams.delete(identity);
    cancel?.();
  }

  closeAll(): void {
    for (const identity of [...this.#streams.keys()]) this.close(identity);
  }

  async #read(
    reader: { read(): Promise<{ done: boolean; value?: { data: Int16Array } | undefined }> },
    identity: string,
    cancel: Cancel,
  ): Promise<void> {
    const framer = new Framer(INPUT_FRAME_SAMPLES);
    for (;;) {
      const { done, value } = await reader.read();
      if (this.#streams.get(identity) !== cancel) return;
      if (done || value === undefined) break;
      for (const frame of framer.push(value.data)) this.#options.onFrame(frame, identity);
    }
    this.#streams.delete(identity);
  }
}
