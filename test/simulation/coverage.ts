import type { Command } from '../../src/conversation/command.ts';
import type { TimedEvent } from '../../src/conversation/event.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import type { ConversationState } from '../../src/conversation/state.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { Script } from './script.ts';

const { fillers, stillWorking } = defaultConversationOptions.lines;
const FILLERS: readonly string[] = [...fillers, ...stillWorking];
/** A tool that takes longer is a slow one, ms. */
const SLOW_TOOL_MS = 2_500;

/** What happened in a call, for a table of what the simulated calls were about. It asserts nothing. */
export class Coverage implements Invariant {
  readonly seen: Set<string>;
  readonly #drafts = new Set<string>();
  readonly #tools = new Map<string, number>();
  /** Looks that speech-to-text has overtaken, and those that are open. */
  readonly #overtaken = new Set<string>();
  readonly #looks = new Set<string>();
  #at = 0;

  constructor(script: Script) {
    this.seen = new Set(scripted(script));
  }

  event(event: TimedEvent, state: ConversationState, before: ConversationState): void {
    this.#at = event.at;
    const { floor, turn, reply } = before;
    const see = (name: string, isSo = true) => isSo && this.seen.add(name);
    switch (event.type) {
      case 'user.speechStarted':
        see('speech over our speech', floor.status === 'speaking' && floor.audible);
        see('speech before our first sound', floor.status === 'speaking' && !floor.audible);
        see('speech while tools run', reply.status === 'tools');
        see('speech over a notice', floor.status !== 'free' && floor.utterance.kind === 'notice');
        break;
      case 'stt.committed':
        see('late words of a turn that was over', turn.status === 'listening' && event.text !== '');
        for (const look of this.#looks) this.#overtaken.add(look);
        break;
      case 'user.heard':
        see('local words after the vendor’s', this.#overtaken.has(event.lookId));
        see('local words that did not come', event.text === undefined);
        this.#looks.delete(event.lookId);
        break;
      case 'stt.failed':
        see('speech-to-text fails');
        break;
      case 'llm.failed':
        see('model fails before its first word', 'text' in reply && reply.text === '');
        see('model fails in mid-sentence', 'text' in reply && reply.text !== '');
        break;
      case 'llm.ended':
        see('refusal', event.reason === 'refusal');
        see('answer cut for its length', event.reason === 'maxTokens');
        break;
      case 'tool.ended':
        see('tool fails', event.isError);
        see('slow tool', event.at - (this.#tools.get(event.toolUseId) ?? event.at) > SLOW_TOOL_MS);
        break;
      case 'task.finished':
        see('task ends while the caller speaks', turn.status !== 'listening');
        see('task ends while we speak', floor.status === 'speaking');
        see('task ends while we are cut or held', floor.status === 'cutting' || floor.status === 'held');
        see('task ends while an answer is owed', reply.status !== 'idle');
        see('task ends in silence', floor.status === 'free' && turn.status === 'listening');
        break;
      case 'speech.ended':
        see('voice is lost', event.outcome === 'failed');
        if (floor.status !== 'free' && floor.utterance.id === event.utteranceId) {
          const { utterance } = floor;
          see('notice of several tasks', utterance.kind === 'notice' && utterance.tasks.length > 1);
          see(
            'notice told again',
            utterance.kind === 'notice' &&
              event.outcome === 'cut' &&
              state.told.length === before.told.length,
          );
        }
        break;
      default:
        break;
    }
  }

  command(command: Command): void {
    const see = (name: string) => this.seen.add(name);
    switch (command.type) {
      case 'ears.look':
        this.#looks.add(command.lookId);
        break;
      case 'llm.start':
        if (!command.draft) break;
        see('draft');
        this.#drafts.add(command.replyId);
        break;
      case 'llm.cancel':
        if (this.#drafts.delete(command.replyId)) see('draft dropped');
        else see('answer cancelled');
        break;
      case 'speech.play':
        if (this.#drafts.has(command.utteranceId.replace('reply-', ''))) see('draft adopted');
        break;
      case 'speech.cut':
        see(command.when === 'now' ? 'cut at once' : 'cut at a word, for a notice');
        break;
      case 'speech.resume':
        see('held and resumed');
        break;
      case 'speech.text':
        if (FILLERS.includes(command.text)) see('filler');
        break;
      case 'tool.run':
        see('tool');
        this.#tools.set(command.use.id, this.#at);
        break;
      default:
        break;
    }
  }
}

function scripted({ steps, troubles, pending, hasRecogniser, end }: Script): string[] {
  const said = steps.map((step) => (step.does === 'say' ? SAID[step.what] : DONE[step.does]));
  const has = (isSo: boolean, name: string) => (isSo ? [name] : []);
  return [
    ...said,
    ...has(
      steps.some((step) => step.does === 'say' && step.stretches.length > 1),
      'pause in mid-sentence',
    ),
    ...has(
      steps.some((step) => step.does === 'say' && step.mutedAfterMs !== undefined),
      'microphone dies in mid-word',
    ),
    ...Object.entries(troubles).flatMap(([name, isSo]) => has(isSo, `trouble with the ${name}`)),
    ...has(pending > 0, 'tasks from before the call'),
    ...has(!hasRecogniser, 'no local recogniser'),
    ENDS[end.how],
    ...has(end.abruptMs !== undefined, 'ends in the middle of everything'),
  ];
}

const SAID = {
  question: 'question',
  interruption: 'barge-in',
  backchannel: 'backchannel',
  noise: 'noise',
  echo: 'echo',
} as const;
const DONE = { type: 'typed', leave: 'leaves and comes back', handOver: 'hands over' } as const;
const ENDS = { leaves: 'caller leaves', isHungUp: 'we hang up', roomCloses: 'room closes' } as const;
