import type { Command } from '../../src/conversation/command.ts';
import type { TimedEvent } from '../../src/conversation/event.ts';
import type { SessionObserver } from '../../src/session/sessionObserver.ts';

export type TimedCommand = Command & { readonly at: number };
type EventOf<T extends TimedEvent['type']> = Extract<TimedEvent, { type: T }>;
type CommandOf<T extends Command['type']> = Extract<TimedCommand, { type: T }>;

/** Everything that happened in a call and was decided in it. */
export class CallLog implements SessionObserver {
  readonly #events: TimedEvent[] = [];
  readonly #commands: TimedCommand[] = [];

  event(event: TimedEvent): void {
    this.#events.push(event);
  }

  command(command: Command, at: number): void {
    this.#commands.push({ ...command, at });
  }

  events<T extends TimedEvent['type']>(
    type: T,
    fromMs: number,
    toMs = Number.POSITIVE_INFINITY,
  ): EventOf<T>[] {
    return this.#events.filter(
      (one): one is EventOf<T> => one.type === type && one.at >= fromMs && one.at <= toMs,
    );
  }

  commands<T extends Command['type']>(
    type: T,
    fromMs: number,
    toMs = Number.POSITIVE_INFINITY,
  ): CommandOf<T>[] {
    return this.#commands.filter(
      (one): one is CommandOf<T> => one.type === type && one.at >= fromMs && one.at <= toMs,
    );
  }

  /** The turns of the caller that were taken for over: when, and with which words. */
  turns(
    fromMs: number,
    toMs = Number.POSITIVE_INFINITY,
  ): readonly { readonly at: number; readonly text: string }[] {
    return this.commands('publish.transcript', fromMs, toMs)
      .filter(({ speaker, final }) => speaker === 'user' && final)
      .map(({ at, text }) => ({ at, text }));
  }
}
