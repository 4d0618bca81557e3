import { readFileSync } from 'node:fs';

/** Whether a process does anything still. One that has ended may stay a zombie for long where nobody asks how it ended. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
