/** Times in milliseconds. */
export interface Latency {
  /** From the upgrade to `session_started`. The vendor: about 200. */
  readonly sttSessionMs: number;
  /** From a commit to its answer in all; the local recogniser's own time counts towards it. The vendor: 190–360. */
  readonly sttCommitMs: number;
  /** From a flush to its first audio in all; the local voice's own time counts towards it. The vendor: 150–240. */
  readonly ttsFirstByteMs: number;
  /** Between two audio frames of one generation (each up to 250 ms of audio). */
  readonly ttsFrameGapMs: number;
  /** From an error frame to the close. */
  readonly ttsErrorCloseMs: number;
  /** From the final frame of a single socket to its close. */
  readonly ttsEndCloseMs: number;
}

export const LATENCY = {
  sttSessionMs: 200,
  sttCommitMs: 0,
  ttsFirstByteMs: 0,
  ttsFrameGapMs: 2,
  ttsErrorCloseMs: 800,
  ttsEndCloseMs: 750,
} as const satisfies Latency;

/** The vendor's limits. Times in milliseconds. */
export interface Limits {
  /** Without a message for this long the speech-to-text socket closes; pings do not count. */
  readonly sttIdleMs: number;
  /** Uncommitted audio at which the server commits by itself. */
  readonly sttAutoCommitMs: number;
  /** A commit with less uncommitted audio is `commit_throttled`. */
  readonly sttMinCommitMs: number;
  /** Audio heard before the first partial, and between partials. Infinity: no partials. */
  readonly sttPartialFromMs: number;
  readonly sttPartialEveryMs: number;
  /** Largest audio message in bytes (unpublished by the vendor). */
  readonly sttChunkBytes: number;
  /** Longest session (unpublished by the vendor). */
  readonly sttSessionMs: number;
  /** Contexts that are open at once on a multi-context socket. */
  readonly ttsContexts: number;
  /** In place of the `inactivity_timeout` of the query, which counts whole seconds. */
  readonly ttsInactivityMs: number | undefined;
  readonly tokenLifeMs: number;
}

export const LIMITS = {
  sttIdleMs: 15_000,
  sttAutoCommitMs: 36_000,
  sttMinCommitMs: 300,
  sttPartialFromMs: 2000,
  sttPartialEveryMs: 1000,
  sttChunkBytes: 1_000_000,
  sttSessionMs: Number.POSITIVE_INFINITY,
  ttsContexts: 5,
  ttsInactivityMs: undefined,
  tokenLifeMs: 15 * 60_000,
} as const satisfies Limits;

/** What differs between traces of the vendor, or is not known: every client should stand all of it. */
export interface Quirks {
  /** The timed frame of a commit comes before the plain one. */
  readonly timedFirst: boolean;
  /** A partial that repeats the committed text follows it. */
  readonly staleEchoPartial: boolean;
  /** An idle speech-to-text socket says `insufficient_audio_activity` before it closes. */
  readonly idleError: boolean;
  readonly contextKey: 'contextId' | 'context_id';
  readonly finalKey: 'isFinal' | 'is_final';
  /** Where the times of an alignment start. */
  readonly alignmentBase: 'generation' | 'context' | 'frame';
  /** No alignment at all. */
  readonly noAlignment: boolean;
  /** What a context's inactivity brings about on the multi-context socket. */
  readonly contextTimeout: 'final' | 'error';
  /** HTTP audio is divided at odd bytes. */
  readonly oddHttpChunks: boolean;
}

export const QUIRKS = {
  timedFirst: false,
  staleEchoPartial: false,
  idleError: false,
  contextKey: 'contextId',
  finalKey: 'isFinal',
  alignmentBase: 'generation',
  noAlignment: false,
  contextTimeout: 'final',
  oddHttpChunks: false,
} as const satisfies Quirks;

/** What a running stand-in is told to be like; replaced as a whole by the control, read at each use. */
export interface Behaviour {
  latency: Latency;
  limits: Limits;
  quirks: Quirks;
}
