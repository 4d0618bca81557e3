import type { EndedTask, TimedEvent } from '../../../src/conversation/event.ts';
import type { ConversationState } from '../../../src/conversation/state.ts';
import type { SimTasks } from '../world/simTasks.ts';
import type { Fail, Invariant } from './invariant.ts';

/** Every finished task is announced, and heard to its key words, exactly once. */
export class TasksAreTold implements Invariant {
  readonly #tasks: SimTasks;
  readonly #fail: Fail;
  readonly #told = new Map<string, number>();

  constructor(tasks: SimTasks, fail: Fail) {
    this.#tasks = tasks;
    this.#fail = fail;
  }

  event(event: TimedEvent, _state: ConversationState, before: ConversationState): void {
    if (event.type !== 'speech.ended' || before.floor.status === 'free') return;
    const { utterance } = before.floor;
    if (utterance.id !== event.utteranceId || utterance.kind !== 'notice') return;
    for (const task of utterance.tasks) {
      if (isToldIn(event.heard, task)) {
        this.#told.set(task.jobId, (this.#told.get(task.jobId) ?? 0) + 1);
      }
    }
  }

  /** `isComplete`: the owner stayed until all was quiet, so that everything had to be told. */
  check(owner: string | undefined): void {
    for (const task of this.#tasks.ended) {
      const told = this.#told.get(task.jobId) ?? 0;
      if (told > 1) this.#fail(`${task.jobId} was told ${told} times`);
      if (task.heard > 1) this.#fail(`${task.jobId} was reported as heard ${task.heard} times`);
      if (told !== task.heard)
        this.#fail(`${task.jobId} was told ${told} times, reported as heard ${task.heard} times`);
      if (task.owner === owner && told === 0) this.#fail(`${task.jobId} (${task.status}) was never told`);
    }
  }
}

/** Which task it is, and then what became of it. */
function isToldIn(heard: string, { description, status }: EndedTask): boolean {
  const after = heard.slice(heard.indexOf(`'${description}'`));
  const news = status === 'completed' ? /' (is|are) ready/ : new RegExp(`' (has|have) ${status}`);
  return heard.includes(`'${description}'`) && news.test(after);
}
