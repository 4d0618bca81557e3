import type { PlannedReply } from '../../src/offline/claude/plannedReply.ts';
import { planReply } from '../../src/offline/claude/replier/planReply.ts';
import type { Block, Message } from '../../src/offline/claude/wire.ts';

const TASK_TOOLS = ['submit_batch_task', 'check_task_status', 'get_task_result'];

/** A phone conversation with the replier, written as a script: what the caller says, what tools answer, what happens. */
export class Conversation {
  readonly messages: Message[] = [];
  readonly #tools: readonly string[];
  #calls = 0;

  constructor(tools: readonly string[] = TASK_TOOLS) {
    this.#tools = tools;
  }

  say(text: string): PlannedReply {
    return this.#user({ type: 'text', text });
  }

  /** Something happens and is answered. */
  event(text: string): PlannedReply {
    return this.#user({ type: 'text', text: `<event>${text}</event>` });
  }

  /** Something happens while nobody asks for an answer. */
  note(text: string): void {
    this.messages.push({ role: 'user', content: [{ type: 'text', text: `<event>${text}</event>` }] });
  }

  /** The tool that was called last gives its answer. */
  result(content: string, isError = false): PlannedReply {
    return this.#user({
      type: 'tool_result',
      tool_use_id: `toolu_${this.#calls}`,
      content,
      ...(isError ? { is_error: true } : {}),
    });
  }

  /** The caller interrupted: only this much of the last reply was heard. */
  heardOnly(text: string): void {
    this.messages.pop();
    this.messages.push({ role: 'assistant', content: [{ type: 'text', text }] });
  }

  #user(block: Block): PlannedReply {
    this.messages.push({ role: 'user', content: [block] });
    const reply = planReply({ messages: this.messages, tools: this.#tools.map((name) => ({ name })) });
    const content = reply.blocks.map((planned): Block => {
      if (planned.type === 'text') return planned;
      if (planned.type !== 'tool_use') throw new Error(`The replier never sends ${planned.type}.`);
      this.#calls += 1;
      return { ...planned, id: `toolu_${this.#calls}` };
    });
    this.messages.push({ role: 'assistant', content });
    return reply;
  }
}

export function spoken(reply: PlannedReply): string {
  return reply.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ');
}

export function called(reply: PlannedReply): { name: string; input: unknown } | undefined {
  const block = reply.blocks.find((candidate) => candidate.type === 'tool_use');
  return block?.type === 'tool_use' ? { name: block.name, input: block.input } : undefined;
}
