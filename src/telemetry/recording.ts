import type { Command } from '../conversation/command.ts';
import type { TimedEvent } from '../conversation/event.ts';
import type { ConversationOptions } from '../conversation/options.ts';

/** Raised when older recordings can no longer be read. */
export const RECORDING_VERSION = 1;

/** A recording is NDJSON: the header, then one line per event and per command, each event followed by its commands. */
export type RecordingLine =
  | {
      readonly recording: 'voice-agent call';
      readonly version: number;
      readonly options: ConversationOptions;
    }
  | { readonly event: TimedEvent }
  | { readonly command: Command };
