/** What a language model is told: vendor-neutral, and valid by construction (`history.ts` builds it). */
export type UserPart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'toolResult';
      readonly toolUseId: string;
      readonly content: string;
      readonly isError: boolean;
    };

export interface ToolUse {
  readonly type: 'toolUse';
  readonly id: string;
  readonly name: string;
  /** JSON object, as the model gave it; validated by the tool's own schema before it runs. */
  readonly input: unknown;
}

export type AssistantPart = { readonly type: 'text'; readonly text: string } | ToolUse;

export type ChatMessage =
  | { readonly role: 'user'; readonly content: readonly UserPart[] }
  | { readonly role: 'assistant'; readonly content: readonly AssistantPart[] };
