import type { Clock } from '../time/clock.ts';

/** Settles as `work` does, or rejects with `onTimeout()` after `ms`. The work itself goes on unobserved. */
export function withTimeout<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  onTimeout: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(ms, () => reject(onTimeout()));
    work.then(resolve, reject).finally(cancel);
  });
}
