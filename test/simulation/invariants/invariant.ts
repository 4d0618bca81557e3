import type { Command } from '../../../src/conversation/command.ts';
import type { TimedEvent } from '../../../src/conversation/event.ts';
import type { ConversationState } from '../../../src/conversation/state.ts';
import type { PlayedFrame } from '../world/simOutput.ts';

/** Something that must hold in every call. It tells of what breaks it. */
export interface Invariant {
  /** `before`: the state without the event. What was played up to now has been told already. */
  event?(event: TimedEvent, state: ConversationState, before: ConversationState): void;
  command?(command: Command): void;
  played?(frame: PlayedFrame): void;
}

/** Tells that an invariant is broken; the first one counts. */
export type Fail = (message: string) => void;
