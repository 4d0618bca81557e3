import type { GoingOn } from '../app/agent.ts';
import type { CallJob } from './callJob.ts';
import type { CallEnd } from './callPlacement.ts';

/** One session of a call; a call that breaks off has another one after it. */
export interface CallLeg {
  /** Resolves when nothing of it is left running; never rejects. */
  readonly ended: Promise<CallEnd>;
  hangUp(): Promise<void>;
}

/** A leg in this process. */
export interface HeldCall extends CallLeg {
  /** Ours in the room. */
  readonly identity: string;
  /** Says goodbye, then leaves. */
  sayGoodbye(): Promise<void>;
  /** Leaves without a word: the call goes on elsewhere, with what `onHandover` was told last. */
  handOver(): Promise<void>;
}

/** What joins rooms in this process. */
export interface CallHost {
  /** Resolves once our track is published; rejects when that failed or `signal` aborted. */
  hold(job: CallJob, signal: AbortSignal, going: GoingOn): Promise<HeldCall>;
}
