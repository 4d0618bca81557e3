import type { Command } from '../../src/conversation/command.ts';
import type { TimedEvent } from '../../src/conversation/event.ts';
import type { SessionObserver } from '../../src/session/sessionObserver.ts';

interface Done {
  readonly command: Command;
  readonly at: number;
}

/** When the answer to one turn passed each stage, ms on the clock; undefined: never. */
export interface AnswerMarks {
  /** The turn is over. */
  readonly decided: number | undefined;
  /** Before that, where the model was asked in advance. */
  readonly firstText: number | undefined;
  readonly play: number | undefined;
  /** The room accepted the first frame. */
  readonly accepted: number | undefined;
}

/** Remembers when the agent decided and did things in one call. */
export class CallMarks implements SessionObserver {
  readonly #events: TimedEvent[] = [];
  readonly #commands: Done[] = [];

  event(event: TimedEvent): void {
    this.#events.push(event);
  }

  command(command: Command, at: number): void {
    this.#commands.push({ command, at });
  }

  /** How often a turn of the caller was taken for over since then: once, unless it was done too early. */
  turnsEnded(sinceMs: number): number {
    return this.#turnEnds(sinceMs).length;
  }

  /** The answer to the last turn that ended since then. */
  answer(sinceMs: number): AnswerMarks {
    const decided = this.#turnEnds(sinceMs).at(-1)?.at;
    const played = this.#commands.find(
      ({ command, at }) => command.type === 'speech.play' && decided !== undefined && at >= decided,
    );
    const utteranceId = played?.command.type === 'speech.play' ? played.command.utteranceId : undefined;
    const text = this.#events.find(
      (event) => event.type === 'llm.text' && `reply-${event.replyId}` === utteranceId,
    );
    const started = this.#events.find(
      (event) => event.type === 'speech.started' && event.utteranceId === utteranceId,
    );
    return { decided, firstText: text?.at, play: played?.at, accepted: started?.at };
  }

  /** When the agent first decided since then to be silent. */
  silenced(sinceMs: number): number | undefined {
    return this.#commands.find(
      ({ command, at }) => (command.type === 'speech.hold' || command.type === 'speech.cut') && at >= sinceMs,
    )?.at;
  }

  /** The caller's words are final: the core has decided that the turn is over, and answers. */
  #turnEnds(sinceMs: number): Done[] {
    return this.#commands.filter(
      ({ command, at }) =>
        command.type === 'publish.transcript' && command.speaker === 'user' && command.final && at >= sinceMs,
    );
  }
}
