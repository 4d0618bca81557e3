import type { ChatMessage, ToolUse } from '../../../src/conversation/message.ts';
import { SILENCE } from '../../../src/conversation/reply.ts';
import { VoiceAgentError } from '../../../src/errors.ts';
import type { LanguageModel, LlmEvent, LlmRequest, StopReason } from '../../../src/llm/languageModel.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { sleep } from '../../../src/time/sleep.ts';
import type { Random } from '../random.ts';

interface Plan {
  readonly firstMs: number;
  readonly gapMs: number;
  /** A longer wait after so many pieces. */
  readonly stall: { readonly after: number; readonly ms: number } | undefined;
  readonly text: string;
  readonly uses: readonly ToolUse[];
  readonly stopReason: StopReason;
  /** Breaks after so many pieces. */
  readonly breakAfter: number;
}

const USAGE = { inputTokens: 0, outputTokens: 0 };

/** What the caller asks a plan for: "make a plan for lemon". */
const REQUEST = /\bplan for (\w+)/g;

/** A model that does what it is asked, after a while; or fails, stalls, keeps silent, calls tools twice. */
export class SimModel implements LanguageModel {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #isTroubled: boolean;
  #uses = 0;
  #sentences = 0;

  constructor(random: Random, clock: Clock, isTroubled: boolean) {
    this.#random = random;
    this.#clock = clock;
    this.#isTroubled = isTroubled;
  }

  async check(): Promise<void> {}

  async *reply(request: LlmRequest, { signal }: { signal: AbortSignal }): AsyncGenerator<LlmEvent> {
    const plan = this.#plan(request);
    await sleep(this.#clock, plan.firstMs, signal);
    let count = 0;
    for (const text of plan.text.match(/\S+\s*(\S+\s*)?/g) ?? []) {
      if (signal.aborted) return;
      if (count === plan.breakAfter) break;
      if (count === plan.stall?.after) await sleep(this.#clock, plan.stall.ms, signal);
      if (signal.aborted) return;
      yield { type: 'text', text };
      count++;
      if (plan.gapMs > 0) await sleep(this.#clock, plan.gapMs, signal);
    }
    if (signal.aborted) return;
    if (plan.breakAfter <= count) {
      throw new VoiceAgentError('VA_LLM_FAILED', 'The model broke.', { retryable: true });
    }
    yield { type: 'end', stopReason: plan.stopReason, toolUses: plan.uses, usage: USAGE };
  }

  #plan(request: LlmRequest): Plan {
    const random = this.#random;
    const base: Plan = {
      firstMs: random.int(150, 1_100),
      gapMs: random.pick([0, 10, 30, 60]),
      stall: undefined,
      text: this.#talk(random.chance(0.15) ? random.int(5, 9) : random.int(1, 3)),
      uses: [],
      stopReason: 'end',
      breakAfter: Number.POSITIVE_INFINITY,
    };
    const uses = request.toolChoice === 'none' ? [] : this.#calls(request.messages);
    const told = uses.length > 0 && random.chance(0.5) ? 'Let me start on that.' : '';
    const plan =
      uses.length > 0 ? { ...base, text: told, uses, stopReason: 'toolUse' as const } : this.#oddity(base);
    if (!this.#isTroubled || random.chance(0.6)) return plan;
    switch (random.int(0, 3)) {
      case 0:
        return { ...plan, firstMs: random.int(1_500, 9_000) };
      case 1:
        return { ...plan, breakAfter: 0 };
      case 2:
        return { ...plan, breakAfter: random.int(1, 12) };
      default:
        return { ...plan, stall: { after: random.int(1, 12), ms: random.int(300, 2_500) } };
    }
  }

  /** Answers that are no ordinary ones. */
  #oddity(plan: Plan): Plan {
    switch (this.#random.int(0, 24)) {
      case 0:
        return { ...plan, text: SILENCE };
      case 1:
        return { ...plan, text: '' };
      case 2:
        return { ...plan, text: '', stopReason: 'refusal' };
      case 3:
        return { ...plan, stopReason: 'maxTokens' };
      case 4:
        return { ...plan, text: `**Well**, _this_ is a list:\n- ${plan.text}\n- the end.` };
      default:
        return plan;
    }
  }

  #talk(sentences: number): string {
    const subjects = [
      'The harbour',
      'Our train',
      'A quiet garden',
      'The old library',
      'That recipe',
    ] as const;
    return Array.from({ length: sentences }, () => {
      const ending = this.#random.pick(['.', '.', '.', '!', '?']);
      return `${this.#random.pick(subjects)} has number ${++this.#sentences}${ending}`;
    }).join(' ');
  }

  /** Plans that were asked for and not submitted yet; and now and then something to look up. */
  #calls(messages: readonly ChatMessage[]): readonly ToolUse[] {
    const asked = new Set<string>();
    const submitted = new Set<string>();
    for (const message of messages) {
      for (const part of message.content) {
        if (part.type === 'toolUse') submitted.add(JSON.stringify(part.input));
        if (message.role !== 'user' || part.type !== 'text' || part.text.startsWith('<event>')) continue;
        for (const [, name] of part.text.matchAll(REQUEST)) if (name !== undefined) asked.add(name);
      }
    }
    const random = this.#random;
    const open = [...asked].filter((name) => !submitted.has(JSON.stringify({ name })));
    const uses = open.map((name) => this.#use('submit', { name }));
    // The same thing twice at once, or again after it was done.
    const again = open.length > 0 ? open[0] : random.chance(0.1) ? [...asked][0] : undefined;
    if (again !== undefined && random.chance(0.3)) uses.push(this.#use('submit', { name: again }));
    if (random.chance(0.08)) uses.push(this.#use('lookup', { subject: 'weather' }));
    if (random.chance(0.01)) uses.push(this.#use('unheardOf', {}));
    return uses;
  }

  #use(name: string, input: unknown): ToolUse {
    return { type: 'toolUse', id: `use-${++this.#uses}`, name, input };
  }
}
