import { open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import { isRecord } from './snapshotOf.ts';
import { taskOf } from './taskOf.ts';
import type { Task } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

export interface JsonTaskStoreOptions {
  readonly log?: Logger;
}

type Entries = Record<string, unknown>;

/**
 * Tasks in one readable JSON file (`tasks_results.json`), keyed by job id. Entries and fields that this program
 * does not know stay as they are. Written to a temporary file, synced and renamed, one write after the other.
 */
export function createJsonTaskStore(path: string, options: JsonTaskStoreOptions = {}): TaskStore {
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result.catch((cause) => {
      if (cause instanceof VoiceAgentError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new VoiceAgentError('VA_STORE', `The task file ${path} cannot be used: ${why}.`, { cause });
    });
  };

  const setAside = async (why: string) => {
    const aside = `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    await rename(path, aside);
    options.log?.warn(
      `The task file ${path} was damaged (${why}). It is kept as ${aside}; a new one is begun.`,
    );
  };

  const read = async (): Promise<Entries> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (isRecord(error) && error.code === 'ENOENT') return {};
      throw error;
    }
    if (text.trim() === '') return {};
    try {
      const entries: unknown = JSON.parse(text);
      if (isRecord(entries)) return entries;
      await setAside('it is not a JSON object');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      await setAside(error.message);
    }
    return {};
  };

  const write = async (entries: Entries) => {
    await writeFileAtomic(path, `${JSON.stringify(entries, undefined, 2)}\n`);
    await syncFolder(dirname(path));
  };

  /** When an old entry does not say when it was created, the file's own age has to do. */
  const tasksOf = async (entries: Entries): Promise<Task[]> => {
    const modified = await stat(path).then(
      (stats) => stats.mtime,
      () => new Date(),
    );
    return Object.entries(entries).flatMap(([jobId, entry]) => taskOf(jobId, entry, modified) ?? []);
  };

  const change = (edit: (entries: Entries) => Entries) => inTurn(async () => write(edit(await read())));

  return {
    all: () => inTurn(async () => tasksOf(await read())),

    get: (jobId) => inTurn(async () => (await tasksOf(await read())).find((task) => task.jobId === jobId)),

    put: (task) => change((entries) => ({ ...entries, [task.jobId]: merged(entries[task.jobId], task) })),

    update: (jobId, edit) =>
      inTurn(async () => {
        const entries = await read();
        const task = (await tasksOf(entries)).find((candidate) => candidate.jobId === jobId);
        if (!task) return undefined;
        const changed = { ...task, ...edit(task) };
        await write({ ...entries, [jobId]: merged(entries[jobId], changed) });
        return changed;
      }),

    replace: (jobId, task) =>
      change((entries) => {
        const { [jobId]: old, ...rest } = entries;
        return { ...rest, [task.jobId]: merged(old, task) };
      }),

    remove: (jobId) =>
      change((entries) => {
        const { [jobId]: _removed, ...rest } = entries;
        return rest;
      }),
  };
}

/** The entry of a task: what was there, with the task's own fields over it; the job id is its key. */
function merged(old: unknown, { jobId: _key, ...record }: Task): Entries {
  return { ...(isRecord(old) ? old : {}), ...record };
}

/** Makes the rename itself durable, where the system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Folders cannot be opened on every system; the file itself is synced.
  }
}
