import { stat } from 'node:fs/promises';
import { lock } from 'proper-lockfile';
import { sleep } from '../time/sleep.ts';
import { systemClock } from '../time/systemClock.ts';

export interface FileLock {
  /** True until the lock is known to be lost. */
  held(): boolean;
  /** Looks whether it is certainly still ours: somebody else may have found it stale. For locks that are held shortly. */
  verify(): Promise<boolean>;
  release(): Promise<void>;
}

export interface FileLockOptions {
  /** Milliseconds after which the lock of a silent holder counts as left behind; 2,000 at least. */
  readonly staleMs: number;
  /** About so many milliseconds are waited for it; 0: none. */
  readonly waitMs: number;
}

const SHORTEST_WAIT_MS = 4;
const LONGEST_WAIT_MS = 40;

/**
 * A lock between processes, for `path`: the folder `<path>.lock`, kept fresh by its holder. Undefined when somebody else
 * holds it until the wait is over. Of two that find a stale lock, one may remove the other's new one: `verify` tells.
 */
export async function fileLock(path: string, options: FileLockOptions): Promise<FileLock | undefined> {
  const { staleMs, waitMs } = options;
  const folder = `${path}.lock`;
  let lost = false;
  const take = () =>
    lock(path, {
      realpath: false,
      lockfilePath: folder,
      stale: staleMs,
      onCompromised: () => {
        lost = true;
      },
    });
  const unlock = await patiently(take, waitMs);
  if (!unlock) return undefined;
  const takenAt = performance.now();
  const identity = await identityOf(folder);
  return {
    held: () => !lost,
    async verify() {
      if (lost || identity === undefined || performance.now() - takenAt > staleMs / 2) return false;
      return (await identityOf(folder)) === identity;
    },
    async release() {
      // Lost, or removed by hand: there is nothing of ours to let go of.
      if (!lost) await unlock().catch(() => {});
    },
  };
}

/** Not the package's own retries: those repeat what can never succeed, such as a folder that is not there. */
async function patiently<T>(take: () => Promise<T>, waitMs: number): Promise<T | undefined> {
  const until = performance.now() + waitMs;
  for (let wait = SHORTEST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    }
    if (performance.now() >= until) return undefined;
    await sleep(systemClock, wait * (0.5 + Math.random()));
  }
}

async function identityOf(folder: string): Promise<string | undefined> {
  const stats = await stat(folder).catch(() => undefined);
  return stats && `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`;
}
