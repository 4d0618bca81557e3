import { writeFileSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRecord } from './isRecord.ts';

/**
 * Ends that were heard but do not stand in the task file yet: one empty file each, `<task file>.heard-<job id>`. Rewriting
 * the task file takes milliseconds and a lock; a mark is made at once, within the call, and outlives a killed process.
 */
export interface HeardMarks {
  /** Synchronous, some tens of microseconds. */
  make(jobId: string): void;
  all(): Promise<ReadonlySet<string>>;
  remove(jobIds: Iterable<string>): Promise<void>;
}

export function heardMarks(taskFile: string): HeardMarks {
  const folder = dirname(taskFile);
  const prefix = `${basename(taskFile)}.heard-`;
  const fileOf = (jobId: string) => join(folder, prefix + encodeURIComponent(jobId));
  return {
    make(jobId) {
      writeFileSync(fileOf(jobId), '');
    },
    async all() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isRecord(error) && error.code === 'ENOENT') return [];
        throw error;
      });
      const marks = names.filter((name) => name.startsWith(prefix));
      return new Set(marks.flatMap((name) => decoded(name.slice(prefix.length))));
    },
    async remove(jobIds) {
      // Another process may have been faster.
      for (const jobId of jobIds) await unlink(fileOf(jobId)).catch(() => {});
    },
  };
}

/** What lies there and is none of ours has no meaning. */
function decoded(name: string): string[] {
  try {
    return [decodeURIComponent(name)];
  } catch {
    return [];
  }
}
