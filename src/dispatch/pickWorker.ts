import type { WorkerLoad } from './workerMessage.ts';

/** A worker that takes calls. */
export interface Candidate {
  /** Calls that it holds or is about to hold. */
  readonly calls: number;
  /** Its last report. */
  readonly load: WorkerLoad;
}

export interface PlacementLimits {
  /** Most calls of one worker. */
  readonly perWorker: number;
  /** RSS above which a worker takes no more, MB. */
  readonly memoryMb: number;
}

/** A worker whose timers are later than this, or whose thread is busier, gives no call good sound: ms, and 0 to 1. */
const MOST_LAG_MS = 100;
const MOST_BUSY = 0.85;

/**
 * The worker for the next call: the one with the fewest calls, then the least busy one, then the smallest. Undefined when
 * none has room. `urgent`: a call that broke off is better held by a loaded worker than by none.
 */
export function pickWorker<W extends Candidate>(
  workers: readonly W[],
  limits: PlacementLimits,
  urgent: boolean,
): W | undefined {
  const fit = workers.filter(
    ({ calls, load }) =>
      calls < limits.perWorker &&
      (urgent || (load.lagMs <= MOST_LAG_MS && load.busy <= MOST_BUSY && load.rssMb <= limits.memoryMb)),
  );
  const [best] = fit.toSorted(
    (a, b) => a.calls - b.calls || a.load.busy - b.load.busy || a.load.rssMb - b.load.rssMb,
  );
  return best;
}
