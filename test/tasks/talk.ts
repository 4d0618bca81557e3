import { heardAfter } from '../../src/conversation/heardAfter.ts';
import { type HistoryItem, toMessages } from '../../src/conversation/history.ts';
import { claudeRequest } from '../../src/llm/claudeRequest.ts';
import { parseRequest } from '../../src/offline/claude/parseRequest.ts';
import type { PlannedReply } from '../../src/offline/claude/plannedReply.ts';
import { planReply } from '../../src/offline/claude/replier/planReply.ts';
import type { BatchRequest } from '../../src/tasks/batchApi.ts';
import { Readings } from '../../src/tasks/results/readings.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import { voiceTools } from '../../src/tasks/voiceTools.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { createToolBox } from '../../src/tools/toolBox.ts';
import { speakable } from '../../src/tts/speakable.ts';
import { FakeBatchApi } from '../support/fakeBatchApi.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const POLL_MS = 10_000;

/** Ids as the vendor gives them: the offline Claude knows a job by them. */
export const jobId = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;

/** A batch service in memory whose jobs have such ids. */
class VendorIds extends FakeBatchApi {
  #jobs = 0;

  override async submit(request: BatchRequest): Promise<{ jobId: string }> {
    const submitted = await super.submit(request);
    const job = this.jobs.get(submitted.jobId);
    const own = jobId(++this.#jobs);
    if (job) this.jobs.set(own, { ...job, snapshot: { ...job.snapshot, jobId: own } });
    this.jobs.delete(submitted.jobId);
    return { jobId: own };
  }
}

/** A desk with a batch service in memory, for calls made of words alone. */
export async function openDesk() {
  const clock = new VirtualClock();
  const api = new VendorIds();
  const store = createMemoryTaskStore();
  const desk = createTaskDesk({ api, store, clock, log: silentLogger });
  await desk.start();
  const readings = new Readings();
  return {
    clock,
    api,
    store,
    desk,
    readings,
    async finish(jobId: string, text: string) {
      api.finish(jobId, text);
      await clock.advance(2 * POLL_MS);
    },
    async fail(jobId: string, reason: string) {
      api.fail(jobId, reason);
      await clock.advance(2 * POLL_MS);
    },
  };
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/**
 * A conversation without sound: the offline Claude, the real tools, and a history that holds what was heard. What is missing
 * of a call is who speaks when.
 */
export class Talk {
  readonly history: HistoryItem[] = [];
  /** Every tool that was called, with its input. */
  readonly calls: { readonly name: string; readonly input: unknown; readonly content: string }[] = [];
  readonly #box;
  readonly #owner: string;
  #turn = 0;
  #ids = 0;

  constructor({ desk, clock, readings }: Desk, owner = 'ann', own: readonly Tool[] = []) {
    this.#box = createToolBox([...voiceTools(desk, { readings }), ...own], { clock });
    this.#owner = owner;
  }

  /** What the agent says to it, tools and all. */
  async say(text: string): Promise<string> {
    this.#turn++;
    this.history.push({ kind: 'user', text });
    const said: string[] = [];
    for (let round = 0; round < 4; round++) {
      const reply = this.#reply();
      const words = reply.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ');
      if (words !== '') {
        said.push(words);
        const heard = speakable(words);
        this.history.push({
          kind: 'assistant',
          utteranceId: `u${++this.#ids}`,
          text: heard,
          status: 'heard',
        });
      }
      const uses = reply.blocks.flatMap((block) => (block.type === 'tool_use' ? [block] : []));
      if (uses.length === 0) break;
      for (const one of uses) await this.use(one.name, one.input);
    }
    return said.join(' ');
  }

  /** The caller interrupted: only this much of what was said last was heard. */
  heardOnly(text: string): void {
    const last = this.history.findLastIndex((item) => item.kind === 'assistant');
    this.history.splice(last, 1, ...(text === '' ? [] : [this.#heard(text)]));
  }

  note(text: string): void {
    this.history.push({ kind: 'event', text });
  }

  #heard(text: string): HistoryItem {
    return { kind: 'assistant', utteranceId: `u${++this.#ids}`, text, status: 'heard' };
  }

  #reply(): PlannedReply {
    const request = { system: '', messages: toMessages(this.history), tools: this.#box.specs() };
    return planReply(parseRequest(claudeRequest(request, { model: 'claude-haiku-5-5', maxTokens: 400 })));
  }

  /** The model calls a tool. */
  async use(name: string, input: unknown): Promise<void> {
    const use = { type: 'toolUse', id: `toolu_${++this.#ids}`, name, input } as const;
    this.history.push({ kind: 'toolUse', use });
    const { content, isError } = await this.#box.run(use, {
      owner: this.#owner,
      turn: this.#turn,
      heardSince: (id) => heardAfter(this.history, id),
    });
    this.calls.push({ name, input, content });
    this.history.push({ kind: 'toolResult', toolUseId: use.id, content, isError });
  }
}
