import type { CallJob } from './callJob.ts';
import type { CallEnd } from './callPlacement.ts';

/** How a delivery of a webhook fared. */
export type DeliveryOutcome = 'accepted' | 'ignored' | 'duplicate' | 'forged' | 'malformed';

/** Told what dispatch does; metrics are made of it. Must not throw. */
export interface DispatchObserver {
  delivered?(outcome: DeliveryOutcome): void;
  /** Our track is published; `waitedMs` since somebody asked for it. */
  placed?(source: CallJob['source'], waitedMs: number): void;
  notPlaced?(source: CallJob['source']): void;
  ended?(why: CallEnd['why']): void;
  /** The reconciler found a room that no webhook had told of. */
  missed?(): void;
}
