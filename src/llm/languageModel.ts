import type { ChatMessage, ToolUse } from '../conversation/message.ts';

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface LlmRequest {
  readonly system: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolSpec[];
  /** `none`: the model sees its tools but has to answer in words. Default `auto`. */
  readonly toolChoice?: 'auto' | 'none';
}

/** Why the model stopped. `toolUse` is the only one on which tools may run. */
export type StopReason = 'end' | 'toolUse' | 'maxTokens' | 'refusal' | 'contextFull';

export interface LlmUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type LlmEvent =
  /** Non-empty. */
  | { readonly type: 'text'; readonly text: string }
  /** Always last. `toolUses` is empty unless `stopReason` is `toolUse`; then every input is complete, parsed JSON. */
  | {
      readonly type: 'end';
      readonly stopReason: StopReason;
      readonly toolUses: readonly ToolUse[];
      readonly usage: LlmUsage;
    };

export interface LanguageModel {
  /**
   * Streams one reply. Ends without `end` and without an error only when `signal` aborts. Throws `VA_LLM_AUTH`,
   * `VA_LLM_MODEL` (both need a setting changed) or `VA_LLM_FAILED` (overload, truncation, idle for too long).
   */
  reply(request: LlmRequest, options: { signal: AbortSignal }): AsyncIterable<LlmEvent>;
  /** Checks key and model with one cheap request; rejects like `reply`. */
  check(signal?: AbortSignal): Promise<void>;
}
