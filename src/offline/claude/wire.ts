/** The Messages API as it stands on the wire: the parts that the stand-in reads and writes. */
export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
  readonly citations?: readonly unknown[] | null;
}

export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly thinking: string;
  readonly signature: string;
}

export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content?: string | readonly TextBlock[];
  readonly is_error?: boolean;
}

/** Blocks that are carried but not looked into: documents, images, server tools and their results. */
export interface OtherBlock {
  readonly type: 'other';
  readonly vendorType: string;
}

export type Block = TextBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock | OtherBlock;

/** One message after neighbours of the same role were merged. */
export interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly Block[];
}

export interface ToolParam {
  readonly name: string;
  /** What its input may hold, by name; absent where a request is made by hand. */
  readonly properties?: Readonly<Record<string, ToolProperty>>;
  readonly required?: readonly string[];
}

export interface ToolProperty {
  readonly type: string;
  /** The values that it may have, where they are counted. */
  readonly values: readonly string[];
}

export type ThinkingType = 'enabled' | 'disabled' | 'adaptive' | 'between_tools';

/** A request that passed validation. */
export interface MessagesRequest {
  readonly model: string;
  readonly maxTokens: number;
  readonly stream: boolean;
  readonly thinking: ThinkingType | undefined;
  readonly messages: readonly Message[];
  /** What may be called: nothing when `tool_choice` is `none`. */
  readonly tools: readonly ToolParam[];
}
