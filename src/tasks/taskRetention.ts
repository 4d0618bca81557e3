import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { isForgettable } from './isForgettable.ts';
import type { TaskStore } from './taskStore.ts';

export interface TaskRetention {
  start(): void;
  /** Resolves when nothing is being removed any more. */
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const ROUND_MS = 3_600_000;

/**
 * Removes ended tasks after a number of days, at the start and once an hour; 0: never. Stores are read whole, on the thread that
 * carries audio: without this, calls would stutter the more the longer a deployment lives.
 */
export function createTaskRetention(options: {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly today: () => Date;
  readonly keepDays: number;
}): TaskRetention {
  const { store, clock, log, today, keepDays } = options;
  let isOver = keepDays === 0;
  let round: Promise<void> | undefined;
  let cancelTimer = () => {};

  const forget = async () => {
    try {
      const now = today();
      const count = await store.prune((task) => isForgettable(task, now, keepDays * DAY_MS));
      if (count > 0) log.info(`Removed because they ended more than ${keepDays} days ago: ${count} tasks.`);
    } catch (error) {
      log.warn('Old tasks could not be removed: trying again in an hour.', { error });
    }
    if (!isOver) cancelTimer = clock.setTimer(ROUND_MS, start);
  };
  const start = () => {
    if (!isOver) round = forget();
  };

  return {
    start,
    async stop() {
      isOver = true;
      cancelTimer();
      await round;
    },
  };
}
