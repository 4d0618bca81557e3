import type { TimedEvent } from '../conversation/event.ts';
import type { ConversationOptions } from '../conversation/options.ts';
import { initialState } from '../conversation/state.ts';
import { step } from '../conversation/step.ts';
import { RECORDING_VERSION, type RecordingLine } from './recording.ts';
import { createRedactor } from './redactor.ts';

/** A command that is not the recorded one. Both are JSON; undefined where there is none. */
export interface Mismatch {
  /** The event that brought it about. */
  readonly event: TimedEvent | undefined;
  /** Line of the recording, counted from 1: of the recorded command, or of the event's last line. */
  readonly line: number;
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

export interface Replay {
  readonly events: number;
  readonly commands: number;
  readonly mismatches: readonly Mismatch[];
}

interface Step {
  readonly event: TimedEvent;
  readonly line: number;
  readonly commands: { readonly json: string; readonly line: number }[];
}

/**
 * Feeds a recorded call's events to the core and compares its commands with the recorded ones, one by one. Pure. Throws a
 * `RangeError` when the lines are no recording of this version.
 */
export function replay(lines: Iterable<string>): Replay {
  const { options, steps } = read(lines);
  // What a recording keeps was redacted: commands made of its events are compared the same way.
  const redact = createRedactor();
  const clean = (_key: string, value: unknown) => (typeof value === 'string' ? redact(value) : value);
  const mismatches: Mismatch[] = [];
  let state = initialState;
  let count = 0;
  for (const { event, line, commands } of steps) {
    const [next, made] = step(state, event, options);
    state = next;
    count += commands.length;
    for (let i = 0; i < Math.max(made.length, commands.length); i++) {
      const recorded = commands[i]?.json;
      const replayed = made[i] === undefined ? undefined : JSON.stringify(made[i], clean);
      if (recorded === replayed) continue;
      mismatches.push({ event, line: commands[i]?.line ?? line + commands.length, recorded, replayed });
    }
  }
  return { events: steps.length, commands: count, mismatches };
}

function read(lines: Iterable<string>): { options: ConversationOptions; steps: readonly Step[] } {
  let options: ConversationOptions | undefined;
  const steps: Step[] = [];
  let number = 0;
  for (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    const line = parse(text, number);
    if ('recording' in line) {
      if (line.version !== RECORDING_VERSION) {
        throw new RangeError(
          `this is a recording of version ${line.version}; this program reads version ${RECORDING_VERSION}`,
        );
      }
      options = line.options;
    } else if (!options) {
      throw new RangeError('line 1 is not the header of a recorded call');
    } else if ('event' in line) {
      steps.push({ event: line.event, line: number, commands: [] });
    } else {
      const last = steps.at(-1);
      if (!last) throw new RangeError(`line ${number} is a command, but there was no event before it`);
      last.commands.push({ json: JSON.stringify(line.command), line: number });
    }
  }
  if (!options) throw new RangeError('this is an empty file');
  return { options, steps };
}

function parse(text: string, number: number): RecordingLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError(`line ${number} is not JSON; was the recording cut off?`);
  }
  if (typeof value !== 'object' || value === null) throw new RangeError(`line ${number} is not an object`);
  if ('recording' in value || 'event' in value || 'command' in value) return value as RecordingLine;
  throw new RangeError(`line ${number} is neither an event nor a command`);
}
