import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';

export interface LockOptions {
  readonly clock: Clock;
  /** Called once when somebody else has the lock and we begin to wait. */
  readonly onWait: (pid: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const LOOK_AGAIN_MS = 250;
const GUARD_EXPIRES_MS = 10_000;

/**
 * Takes a lock between processes of this machine: a file that holds the owner's pid. The lock of a process that is gone
 * is taken over. Resolves with how to release it; rejects with the signal's reason when it aborts.
 */
export async function processLock(path: string, options: LockOptions): Promise<() => Promise<void>> {
  // Two in one process may want it too.
  const mine = `${path}.${randomUUID()}`;
  let waited = false;
  for (;;) {
    options.signal?.throwIfAborted();
    if (await acquire(path, mine)) return () => rm(path, { force: true });
    const owner = await ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) {
      await removeDead(path, owner);
      if (await acquire(path, mine)) return () => rm(path, { force: true });
    } else if (owner !== undefined && !waited) {
      waited = true;
      options.onWait(owner);
    }
    await sleep(options.clock, LOOK_AGAIN_MS, options.signal);
  }
}

/** The file appears with its content or not at all: it is written aside and linked. */
async function acquire(path: string, mine: string): Promise<boolean> {
  await writeFile(mine, String(process.pid));
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
}

async function ownerOf(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Removes a dead owner's lock. Only one at a time may, and it looks again first: otherwise the second of two that saw the
 * dead owner would remove the lock that the first has taken since.
 */
async function removeDead(path: string, owner: number): Promise<void> {
  const guard = `${path}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    const made = await stat(guard).catch(() => undefined);
    // Held for a moment only: an old one is that of a process that died in that moment. File times are wall-clock times.
    if (made && Date.now() - made.mtimeMs > GUARD_EXPIRES_MS) await rmdir(guard).catch(() => {});
    return;
  }
  try {
    if ((await ownerOf(path)) === owner) await rm(path, { force: true });
  } finally {
    await rmdir(guard).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
