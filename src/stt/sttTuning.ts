import { RETRY_DEFAULTS, type RetryOptions } from './retryBudget.ts';

/** The rules of the realtime endpoint and our margins on them. All times in milliseconds. */
export interface SttTuning {
  /** Live audio goes out in messages of this length (the vendor's clients use 50–100). */
  readonly chunkMs: number;
  /** Longest message of a replay; the vendor's limit is unpublished, 1 s is known to be fine. */
  readonly replayChunkMs: number;
  /** Committing less than this is answered with `commit_throttled`, which ends the session. */
  readonly minCommitMs: number;
  /** Shorter segments are filled up with silence to this length. */
  readonly paddedMs: number;
  /** We commit by ourselves at this length: the server would at about 36 s, unasked. */
  readonly forceCommitMs: number;
  /** Audio kept for a replay. */
  readonly keepMs: number;
  /** Connections that the oldest commit may break before it is answered '' and left behind. */
  readonly deliveries: number;
  /** 20 ms of silence go out after this long without a message; the server closes after 15 s. */
  readonly keepaliveMs: number;
  /** From dialling to `session_started`. */
  readonly sessionTimeoutMs: number;
  /** From a commit to its answer, plus `answerTimeoutPerAudio` times the length of the unanswered audio. */
  readonly answerTimeoutMs: number;
  readonly answerTimeoutPerAudio: number;
  /** A connection that carried audio for this long makes earlier failures forgotten. */
  readonly soundAfterMs: number;
  readonly retry: RetryOptions;
}

export const STT_TUNING = {
  chunkMs: 80,
  replayChunkMs: 500,
  minCommitMs: 300,
  paddedMs: 350,
  forceCommitMs: 25_000,
  keepMs: 30_000,
  deliveries: 3,
  keepaliveMs: 5000,
  sessionTimeoutMs: 5000,
  answerTimeoutMs: 8000,
  answerTimeoutPerAudio: 0.5,
  soundAfterMs: 30_000,
  retry: RETRY_DEFAULTS,
} as const satisfies SttTuning;
