import type { Clock } from '../time/clock.ts';
import type { Claim, Task } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

/** What every holder of claims in one process has in common. */
export interface LeaseWorld {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly today: () => Date;
  /** Milliseconds for which a claim holds without another word; it is renewed three times in that time. */
  readonly leaseMs: number;
}

export function newClaim(by: string, { today, leaseMs }: LeaseWorld): Claim {
  return { by, until: new Date(today().getTime() + leaseMs).toISOString() };
}

/** Whether somebody who may still live deals with the task. */
export function isClaimed({ claim }: Task, now: Date): boolean {
  return claim !== undefined && Date.parse(claim.until) > now.getTime();
}

/** Renews a claim until the returned function is called. What fails is tried again the next time. */
export function keepClaim(world: LeaseWorld, jobId: string, by: string): () => void {
  const { store, clock, leaseMs } = world;
  let over = false;
  let cancelTimer = () => {};
  const later = () => {
    if (!over) cancelTimer = clock.setTimer(leaseMs / 3, renew);
  };
  const renew = () => {
    store
      .update(jobId, (task) => (over || task.claim?.by !== by ? {} : { claim: newClaim(by, world) }))
      .then(later, later);
  };
  later();
  return () => {
    over = true;
    cancelTimer();
  };
}
