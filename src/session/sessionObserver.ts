import type { Command } from '../conversation/command.ts';
import type { TimedEvent } from '../conversation/event.ts';
import type { ConversationState } from '../conversation/state.ts';

/** Sees every event and command of a call, in order; recordings and live views are made of it. */
export interface SessionObserver {
  event(event: TimedEvent): void;
  /** What the core has made of the event, before any of the commands is carried out. */
  decided?(state: ConversationState, commands: readonly Command[]): void;
  command(command: Command, at: number): void;
}
