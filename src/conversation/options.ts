export interface ConversationOptions {
  /** Said on joining, without the model; '' for none. */
  readonly greeting: string;
  /** Said when the model fails or has nothing to say. */
  readonly lines: {
    readonly modelFailed: string;
    readonly notUnderstood: string;
    readonly cannotHear: string;
  };
  /** Longest wait for a commit's words before the turn goes on without them, ms. */
  readonly commitTimeoutMs: number;
  /** Longest that a finished task's notice waits behind our own answer, ms. */
  readonly noticePatienceMs: number;
  /** Tool rounds within one turn after which the model must answer in words. */
  readonly maxToolRounds: number;
}

export const defaultConversationOptions = {
  greeting: 'Hello! How can I help you today?',
  lines: {
    modelFailed: 'Sorry, I am having trouble thinking right now. Please try again in a moment.',
    notUnderstood: 'Sorry, I did not catch that. Could you say it again?',
    cannotHear: 'Sorry, I cannot hear you at the moment. You can type to me instead.',
  },
  commitTimeoutMs: 3_000,
  noticePatienceMs: 6_000,
  maxToolRounds: 5,
} as const satisfies ConversationOptions;
