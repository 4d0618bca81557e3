import type { ConversationEvent } from '../conversation/event.ts';
import type { ChatMessage } from '../conversation/message.ts';
import type { LanguageModel, ToolSpec } from '../llm/languageModel.ts';
import type { Logger } from '../telemetry/log.ts';

/** Runs the model's replies and turns what they bring into events. */
export class Thinker {
  readonly #llm: LanguageModel;
  readonly #system: string;
  readonly #tools: readonly ToolSpec[];
  readonly #log: Logger;
  readonly #dispatch: (event: ConversationEvent) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(options: {
    llm: LanguageModel;
    system: string;
    tools: readonly ToolSpec[];
    log: Logger;
    dispatch: (event: ConversationEvent) => void;
  }) {
    this.#llm = options.llm;
    this.#system = options.system;
    this.#tools = options.tools;
    this.#log = options.log;
    this.#dispatch = options.dispatch;
  }

  start(replyId: string, messages: readonly ChatMessage[], mayUseTools: boolean): void {
    const abort = new AbortController();
    this.#running.set(replyId, abort);
    void this.#run(replyId, messages, mayUseTools, abort.signal).finally(() => this.#running.delete(replyId));
  }

  cancel(replyId: string): void {
    this.#running.get(replyId)?.abort();
  }

  close(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  async #run(
    replyId: string,
    messages: readonly ChatMessage[],
    mayUseTools: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const request = {
      system: this.#system,
      messages,
      tools: this.#tools,
      toolChoice: mayUseTools ? 'auto' : 'none',
    } as const;
    try {
      for await (const event of this.#llm.reply(request, { signal })) {
        if (signal.aborted) return;
        if (event.type === 'text') this.#dispatch({ type: 'llm.text', replyId, text: event.text });
        else {
          this.#log.debug('reply', { replyId, stopReason: event.stopReason, ...event.usage });
          this.#dispatch({
            type: 'llm.ended',
            replyId,
            reason: event.stopReason,
            toolUses: event.toolUses,
          });
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#log.error('the model failed', { error });
      this.#dispatch({ type: 'llm.failed', replyId });
    }
  }
}
