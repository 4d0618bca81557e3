import type { Command } from './command.ts';
import * as floors from './floor.ts';
import { appendSpoken, type HistoryItem } from './history.ts';
import type { ConversationOptions } from './options.ts';
import type { ConversationState } from './state.ts';

/** The state while one event passes through the machines, and the commands that it has brought about so far. */
export class Scene {
  state: ConversationState;
  readonly commands: Command[] = [];
  readonly options: ConversationOptions;
  /** Time of the event, ms. */
  readonly at: number;

  constructor(state: ConversationState, options: ConversationOptions, at: number) {
    this.state = state;
    this.options = options;
    this.at = at;
  }

  update(change: Partial<ConversationState>): void {
    this.state = { ...this.state, ...change };
  }

  emit(...commands: readonly Command[]): void {
    this.commands.push(...commands);
  }

  /** Takes over a step of the floor. */
  floor(step: floors.FloorStep): void {
    if (step.floor !== this.state.floor) this.update({ floor: step.floor });
    this.emit(...step.commands);
  }

  remember(...items: readonly HistoryItem[]): void {
    this.update({ history: [...this.state.history, ...items] });
  }

  /** Speaks a fixed line, without the model; returns its utterance, unless there is nothing to say. */
  say(text: string): string | undefined {
    if (text.trim() === '') return undefined;
    const id = this.nextLine();
    this.update({ history: appendSpoken(this.state.history, id, text) });
    this.prepare({ id, kind: 'line' }, text);
    return id;
  }

  nextLine(): string {
    this.update({ lines: this.state.lines + 1 });
    return `line-${this.state.lines}`;
  }

  /** Has a complete utterance made and queues it. */
  prepare(utterance: floors.Utterance, text: string): void {
    const utteranceId = utterance.id;
    this.emit(
      { type: 'speech.begin', utteranceId },
      { type: 'speech.text', utteranceId, text },
      { type: 'speech.end', utteranceId },
    );
    this.update({ floor: floors.enqueue(this.state.floor, utterance) });
  }

  agentTranscript(utteranceId: string, text: string, final: boolean): void {
    this.emit({
      type: 'publish.transcript',
      speaker: 'agent',
      segmentId: `agent-${utteranceId}`,
      text,
      final,
    });
  }
}
