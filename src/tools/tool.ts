import type { z } from 'zod';

/** What a running tool knows about the call it serves. */
export interface ToolContext {
  /** Whose call it is: participant identity, or room name where identities are random. */
  readonly owner: string;
  /** Aborts at the tool's own time limit and at shutdown; never because of a barge-in once a side effect has begun. */
  readonly signal: AbortSignal;
  /** The conversation that it serves; undefined where there is none, as in tests of a tool alone. */
  readonly conversation?: ToolConversation;
}

/** What a tool may know of the conversation. */
export interface ToolConversation {
  /** Of this use of the tool. */
  readonly callId: string;
  /** Counts the user's turns; equal for all tools that answer one. */
  readonly turn: number;
  /**
   * What the caller heard us say after the tool use `callId` was answered: the answer that it was made for, then each later
   * one. Undefined when this conversation has no such use.
   */
  heardSince(callId: string): readonly string[] | undefined;
}

/** Something that the model may do during a call. `defineTool` makes one. */
export interface Tool<Input = unknown> {
  readonly name: string;
  /** Told to the model: what it does and when to use it. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** Whether running it changes the world; such a call is never cancelled, repeated or started from a draft. */
  readonly sideEffect: boolean;
  /** Milliseconds after which the model is told that the tool did not answer. */
  readonly timeoutMs: number;
  /** Said when the caller has waited for it for a second; '' leaves that to the usual words. */
  readonly filler?: string;
  /** Resolves with what the model is told. A thrown error is told to the model as a failure, by its message. */
  run(input: Input, context: ToolContext): Promise<string>;
}
