import type { SessionEnd } from '../session/session.ts';
import type { CallJob } from './callJob.ts';

/**
 * `lost`: the call could not be kept up; while people are in the room it is to be held again, here or elsewhere. `givenUp`:
 * it broke off so often that it is itself the fault, and is not to be held again.
 */
export type CallEnd = SessionEnd | { readonly why: 'lost' | 'givenUp'; readonly reason: string };

export interface PlacedCall {
  /** Resolves when the call is over and nothing of it is left running here; never rejects. */
  readonly ended: Promise<CallEnd>;
  /** Ends it from our side; resolves with `ended`. Idempotent. */
  hangUp(): Promise<void>;
}

/** Where calls run: in this process, or in worker processes of it. */
export interface CallPlacement {
  /** Calls that may run at the same time. */
  readonly capacity: number;
  /**
   * Joins the room of the job; resolves once our track is published there. Rejects when that failed or `signal`
   * aborted; afterwards `signal` has no effect. Our identity is new at every join (`agentIdentity(job.roomSid)`), except
   * where `job.join` brings a token.
   */
  place(job: CallJob, signal: AbortSignal): Promise<PlacedCall>;
}
