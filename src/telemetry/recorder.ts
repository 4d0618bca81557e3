import { createWriteStream } from 'node:fs';
import type { Command } from '../conversation/command.ts';
import type { TimedEvent } from '../conversation/event.ts';
import type { ConversationOptions } from '../conversation/options.ts';
import type { Logger } from './log.ts';
import { RECORDING_VERSION, type RecordingLine } from './recording.ts';
import { createRedactor } from './redactor.ts';

/** Bytes that may wait for a slow disk; a recording with a gap would be worth nothing, so beyond this it ends. */
const MOST_WAITING = 16 * 1024 * 1024;

/** Observes a call. Whatever the disk does, the call is neither slowed down nor told. */
export interface Recorder {
  event(event: TimedEvent): void;
  command(command: Command): void;
  /** Resolves when all is written and the file is closed. What comes later is not recorded. Never rejects. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** A new file; one that exists is replaced. */
  readonly path: string;
  /** The options that the call runs with: replay needs the same. */
  readonly options: ConversationOptions;
  readonly log: Logger;
  /** Values to take out of every text, beside everything that looks like a key or a token. */
  readonly secrets?: readonly string[];
}

/** Writes every event and command of a call as a line of NDJSON; see `RecordingLine`. */
export function createRecorder({ path, options, log, secrets = [] }: RecorderOptions): Recorder {
  const redact = createRedactor(secrets);
  const clean = (_key: string, value: unknown) => (typeof value === 'string' ? redact(value) : value);
  const file = createWriteStream(path);
  let open = true;

  const giveUp = (error: unknown) => {
    if (open) log.warn('the call is no longer recorded', { path, error });
    open = false;
    file.destroy();
  };
  const write = (line: RecordingLine) => {
    if (!open) return;
    try {
      file.write(`${JSON.stringify(line, clean)}\n`);
      if (file.writableLength > MOST_WAITING) giveUp(new Error('the disk is too slow'));
    } catch (error) {
      giveUp(error);
    }
  };
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  file.on('error', giveUp);
  write({ recording: 'voice-agent call', version: RECORDING_VERSION, options });

  return {
    event: (event) => write({ event }),
    command: (command) => write({ command }),
    close() {
      open = false;
      if (!file.destroyed) file.end();
      return closed;
    },
  };
}
