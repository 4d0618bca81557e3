import type { z } from 'zod';

/** What a running tool knows about the call it serves. */
export interface ToolContext {
  /** Whose call it is: participant identity, or room name where identities are random. */
  readonly owner: string;
  /** Aborts at the tool's own time limit and at shutdown; never because of a barge-in once a side effect has begun. */
  readonly signal: AbortSignal;
}

/** Something that the model may do during a call. */
export interface Tool<Input = unknown> {
  readonly name: string;
  /** Told to the model: what it does and when to use it. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** Whether running it changes the world; such a call is never cancelled, repeated or started from a draft. */
  readonly sideEffect: boolean;
  /** Milliseconds after which the model is told that the tool did not answer. */
  readonly timeoutMs: number;
  /** Resolves with what the model is told. A thrown error is told to the model as a failure, by its message. */
  run(input: Input, context: ToolContext): Promise<string>;
}
