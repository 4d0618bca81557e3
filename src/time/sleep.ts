import type { Clock } from './clock.ts';

/** Resolves after `ms`, or as soon as `signal` aborts: the caller's loop re-checks its own condition. Never rejects. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.setTimer(ms, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
