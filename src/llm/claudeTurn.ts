import type Anthropic from '@anthropic-ai/sdk';
import type { ToolUse } from '../conversation/message.ts';
import { VoiceAgentError } from '../errors.ts';
import type { LlmUsage } from './languageModel.ts';

type Block = { readonly block: Anthropic.ContentBlock; json: string };

/** Collects the raw events of one streamed message. Unknown events, blocks and deltas pass without effect. */
export class ClaudeTurn {
  readonly #blocks = new Map<number, Block>();
  #stopReason: Anthropic.StopReason | null = null;
  #stopped = false;
  #inputTokens = 0;
  #outputTokens = 0;

  /** Whether `message_stop` has arrived. A stream that ends without it was cut off, however normal its end looks. */
  get complete(): boolean {
    return this.#stopped;
  }

  get stopReason(): Anthropic.StopReason | null {
    return this.#stopReason;
  }

  get usage(): LlmUsage {
    return { inputTokens: this.#inputTokens, outputTokens: this.#outputTokens };
  }

  /** Takes one event; returns the text to be spoken that it brought, or an empty string. */
  accept(event: Anthropic.RawMessageStreamEvent): string {
    switch (event.type) {
      case 'message_start':
        this.#count(event.message.usage);
        return '';
      case 'content_block_start':
        this.#blocks.set(event.index, { block: { ...event.content_block }, json: '' });
        return event.content_block.type === 'text' ? event.content_block.text : '';
      case 'content_block_delta':
        return this.#delta(event.index, event.delta);
      case 'message_delta':
        this.#stopReason = event.delta.stop_reason;
        this.#count(event.usage);
        return '';
      case 'message_stop':
        this.#stopped = true;
        return '';
      default:
        return '';
    }
  }

  /** The content as the vendor sent it, to be sent back unchanged after `pause_turn`. */
  content(): Anthropic.ContentBlockParam[] {
    return this.#inOrder().map(({ block, json }) =>
      block.type === 'tool_use' || block.type === 'server_tool_use'
        ? { ...block, input: parseInput(block.name, json) }
        : block,
    ) as Anthropic.ContentBlockParam[];
  }

  /** The calls to run; only meaningful when `stopReason` is `tool_use`. Throws `VA_LLM_FAILED` on input that is not JSON. */
  toolUses(): ToolUse[] {
    return this.#inOrder().flatMap(({ block, json }) =>
      block.type === 'tool_use'
        ? [{ type: 'toolUse' as const, id: block.id, name: block.name, input: parseInput(block.name, json) }]
        : [],
    );
  }

  #delta(index: number, delta: Anthropic.RawContentBlockDelta): string {
    const entry = this.#blocks.get(index);
    if (!entry) return '';
    const { block } = entry;
    if (delta.type === 'text_delta' && block.type === 'text') {
      block.text += delta.text;
      return delta.text;
    }
    if (delta.type === 'input_json_delta') entry.json += delta.partial_json;
    if (delta.type === 'thinking_delta' && block.type === 'thinking') block.thinking += delta.thinking;
    if (delta.type === 'signature_delta' && block.type === 'thinking') block.signature = delta.signature;
    if (delta.type === 'citations_delta' && block.type === 'text') {
      block.citations = [...(block.citations ?? []), delta.citation];
    }
    return '';
  }

  /** Counts are cumulative, and a stand-in may leave some of them out. */
  #count(usage: Partial<Anthropic.Usage | Anthropic.MessageDeltaUsage> | undefined): void {
    if (!usage) return;
    const input =
      (usage.input_tokens ?? 0) +
      (usage.cache_creation_input_tokens ?? 0) +
      (usage.cache_read_input_tokens ?? 0);
    if (input > 0) this.#inputTokens = input;
    this.#outputTokens = usage.output_tokens ?? this.#outputTokens;
  }

  #inOrder(): Block[] {
    return [...this.#blocks].sort(([a], [b]) => a - b).map(([, entry]) => entry);
  }
}

function parseInput(name: string, json: string): unknown {
  if (json.trim() === '') return {};
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new VoiceAgentError(
      'VA_LLM_FAILED',
      `Claude called ${name} with input that is not JSON. Ask again.`,
      {
        cause,
        retryable: true,
      },
    );
  }
}
