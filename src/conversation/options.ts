export interface ConversationOptions {
  /** Said on joining, without the model; '' for none. */
  readonly greeting: string;
  /** Said when the model fails or has nothing to say. */
  readonly lines: {
    readonly modelFailed: string;
    readonly notUnderstood: string;
    readonly cannotHear: string;
    /** Said, in turn, when an answer is slow to come; never the same twice running. */
    readonly fillers: readonly string[];
    /** Said when it still has not come. */
    readonly stillWorking: readonly string[];
    /** By tool: what is said in place of a filler while the caller waits for it. */
    readonly toolFillers?: Readonly<Record<string, string>>;
    /** Said in place of the greeting where a call goes on that broke off. */
    readonly connectionLost: string;
    /** Nobody has spoken for long; and, when nobody answers that, the end. */
    readonly stillThere: string;
    readonly nobodyThere: string;
    /** The call has almost reached its longest duration; and the end. */
    readonly almostOver: string;
    readonly timeIsUp: string;
    /** The program is being stopped. */
    readonly closing: string;
  };
  /** Silence after which the vendor is asked for the words so far, ms; no less than what a consonant may take. */
  readonly commitAfterMs: number;
  /** Longest wait for a commit's words before the turn goes on without them, ms. */
  readonly commitTimeoutMs: number;
  /** Silence after the end of a turn, or between two utterances, after which a filler is said, ms. */
  readonly fillerAfterMs: number;
  /** Silence while a tool with words of its own runs, after which they are said, ms; default 1000. */
  readonly toolFillerAfterMs?: number;
  /** Silence after a filler until more is said, ms. */
  readonly stillWorkingAfterMs: number;
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
    fillers: ['One moment.', 'Let me see.', 'Just a second.'],
    stillWorking: ['This is taking a little longer than usual.', 'I am still on it, thank you for waiting.'],
    connectionLost: 'Sorry, I lost the connection for a moment.',
    stillThere: 'Are you still there? I will hang up soon if I do not hear from you.',
    nobodyThere: 'I cannot hear anybody, so I will hang up now. Goodbye!',
    almostOver: 'Just so you know: this call has to end in about a minute.',
    timeIsUp: 'This call has reached its longest duration. Goodbye!',
    closing: 'I am sorry, I have to end this call now. Please call again in a moment. Goodbye!',
  },
  commitAfterMs: 136,
  commitTimeoutMs: 3_000,
  fillerAfterMs: 1_800,
  stillWorkingAfterMs: 3_500,
  noticePatienceMs: 6_000,
  maxToolRounds: 5,
} as const satisfies ConversationOptions;
