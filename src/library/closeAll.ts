import type { Logger } from '../telemetry/log.ts';

/** Closes what was opened, the last first. What cannot be closed keeps nothing else open. Never rejects. */
export async function closeAll(closers: readonly (() => Promise<void>)[], log: Logger): Promise<void> {
  for (const close of [...closers].reverse()) {
    try {
      await close();
    } catch (error) {
      log.warn('Something of a call could not be closed.', { error });
    }
  }
}
