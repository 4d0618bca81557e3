import type { Command } from '../../../src/conversation/command.ts';
import type { TimedEvent } from '../../../src/conversation/event.ts';
import type { ConversationState } from '../../../src/conversation/state.ts';
import { canonicalJson } from '../../../src/tools/canonicalJson.ts';
import type { Fail, Invariant } from './invariant.ts';

/** The same call in the same turn has its effect once, and every call gets its result into history. */
export class SubmitsOnce implements Invariant {
  readonly #fail: Fail;
  readonly #turns = new Map<string, Set<number>>();
  readonly #submitted = new Map<string, number>();
  readonly #running = new Set<string>();
  #turn = 0;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  command(command: Command): void {
    if (command.type !== 'tool.run') return;
    const { use } = command;
    if (this.#running.has(use.id)) this.#fail(`${use.id} runs twice`);
    this.#running.add(use.id);
    const key = canonicalJson([use.name, use.input]);
    this.#turns.set(key, (this.#turns.get(key) ?? new Set()).add(this.#turn));
  }

  event(event: TimedEvent, state: ConversationState): void {
    this.#turn = state.turnsEnded;
    if (event.type !== 'tool.ended' || state.phase !== 'live') return;
    const known = state.history.some(
      (item) => item.kind === 'toolResult' && item.toolUseId === event.toolUseId,
    );
    if (!known) this.#fail(`the result of ${event.toolUseId} is not in history`);
  }

  /** Something was really submitted, for this person. */
  submitted(name: string, owner: string): void {
    const key = canonicalJson(['submit', { name }]);
    const count = (this.#submitted.get(key + owner) ?? 0) + 1;
    this.#submitted.set(key + owner, count);
    const turns = this.#turns.get(key)?.size ?? 0;
    if (count > turns) this.#fail(`${name} was submitted ${count} times in ${turns} turns`);
  }
}
