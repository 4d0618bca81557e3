/** `vendor` blocks (server tools and their results) are sent as they are. */
export type PlannedBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string }
  | { readonly type: 'tool_use'; readonly name: string; readonly input: unknown }
  | { readonly type: 'vendor'; readonly block: Readonly<Record<string, unknown>> };

export type VendorStopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

/** What Claude is to say: made by the replier, or scripted by a test. */
export interface PlannedReply {
  readonly blocks: readonly PlannedBlock[];
  /** Default: `tool_use` when there is such a block, else `end_turn`. */
  readonly stopReason?: VendorStopReason;
}

/** A reply that only speaks. */
export function say(text: string): PlannedReply {
  return { blocks: [{ type: 'text', text }] };
}

/** A reply that calls a tool, after a few words if there are any. */
export function call(name: string, input: unknown, text = ''): PlannedReply {
  const tool = { type: 'tool_use', name, input } as const;
  return { blocks: text === '' ? [tool] : [{ type: 'text', text }, tool] };
}
