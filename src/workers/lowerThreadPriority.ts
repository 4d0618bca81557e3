import { platform, setPriority } from 'node:os';

/** Niceness of threads that compute: a tenth of the share of one that moves audio, where the two want one core. */
const NICENESS = 10;

/**
 * Lets the threads that carry audio go before the calling one, where both want the same core. Linux only: there a
 * niceness belongs to a thread (setpriority(2), "C library/kernel differences"), elsewhere to the whole process.
 */
export function lowerThreadPriority(): void {
  if (platform() !== 'linux') return;
  try {
    setPriority(0, NICENESS);
  } catch {
    // A sandbox may forbid it; then all threads go on as equals.
  }
}
