import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import { fileLock } from './fileLock.ts';
import { heardMarks } from './heardMarks.ts';
import { isRecord } from './isRecord.ts';
import { type Content, type Entries, TaskFile } from './taskFile.ts';
import { taskOf } from './taskOf.ts';
import type { Task } from './taskRecord.ts';
import type { TaskStore } from './taskStore.ts';

export interface JsonTaskStoreOptions {
  readonly log?: Logger;
  /** Milliseconds until the lock of a process that died while it wrote is taken over; default 5,000, 2,000 at least. */
  readonly lockStaleMs?: number;
  /** The same for the lead; default 30,000. */
  readonly leadStaleMs?: number;
}

/** A change that waits for its turn. */
interface Waiting {
  /** Sets what becomes different in `entries`; gives how to tell whoever waits. May run more than once. */
  attempt(entries: Map<string, unknown>, modified: Date): () => void;
  reject(error: unknown): void;
}

/** Longest wait for other processes' writes, ms. */
const LOCK_WAIT_MS = 30_000;
const ATTEMPTS = 5;

/**
 * Tasks in one readable JSON file (`tasks_results.json`), keyed by job id. Entries and fields that this program does not
 * know stay as they are. Any number of processes of one machine may share it: every change reads, edits and replaces the
 * file under a lock. Changes that come while one is being written are written together.
 */
export function createJsonTaskStore(path: string, options: JsonTaskStoreOptions = {}): TaskStore {
  const file = new TaskFile(path, options.log);
  const marks = heardMarks(path);
  const staleMs = options.lockStaleMs ?? 5_000;
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  const locked = async <T>(work: (isMine: () => Promise<boolean>) => Promise<T>): Promise<T> => {
    const held = await fileLock(path, { staleMs, waitMs: LOCK_WAIT_MS });
    if (!held) throw new Error(`${path}.lock is held by another process: end it, or remove that folder`);
    return work(() => held.verify()).finally(() => held.release());
  };

  const readLocked = async (): Promise<Content> => {
    const content = await file.read();
    if (!('damage' in content)) return content;
    await file.setAside(content.damage);
    return { entries: new Map(), version: '', modified: new Date() };
  };

  const read = async (): Promise<{ content: Content; heard: ReadonlySet<string> }> => {
    // First the marks: one that is missing by now stands in the file that is read after it.
    const heard = await marks.all();
    const content = await file.read();
    // Looked at again under the lock: somebody else may have mended it.
    return { content: 'damage' in content ? await locked(readLocked) : content, heard };
  };

  /** Everything that waits, in one write; false when the lock was lost on the way, and nothing has changed. */
  const commit = (batch: readonly Waiting[]): Promise<boolean> =>
    locked(async (isMine) => {
      const { entries, modified } = await readLocked();
      const draft = new Map(entries);
      const heard = await marks.all();
      for (const jobId of heard) {
        const entry = draft.get(jobId);
        if (!isRecord(entry)) continue;
        const { claim: _over, ...rest } = entry;
        draft.set(jobId, { ...rest, notice: 'heard' });
      }
      const settle = batch.map((one) => one.attempt(draft, modified));
      if (differs(entries, draft) && !(await file.write(draft, isMine))) return false;
      if (heard.size > 0) await marks.remove(heard);
      for (const one of settle) one();
      return true;
    });

  const work = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        let attempt = 1;
        while (!(await commit(batch))) {
          if (attempt++ === ATTEMPTS)
            throw new Error('its lock was lost again and again: is the machine overloaded?');
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    working = undefined;
  };

  const inOrder = <T>(edit: (entries: Map<string, unknown>, modified: Date) => T): Promise<T> =>
    explained(
      new Promise<T>((resolve, reject) => {
        const attempt: Waiting['attempt'] = (entries, modified) => {
          try {
            const result = edit(entries, modified);
            return () => resolve(result);
          } catch (error) {
            return () => reject(error);
          }
        };
        waiting.push({ attempt, reject });
        working ??= Promise.resolve().then(work);
      }),
    );

  const explained = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (cause) {
      if (cause instanceof VoiceAgentError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new VoiceAgentError('VA_STORE', `The task file ${path} cannot be used: ${why}.`, { cause });
    }
  };

  const tasks = async (): Promise<Task[]> => {
    const { content, heard } = await explained(read());
    return [...content.entries].flatMap(([jobId, entry]) => {
      const task = taskOf(jobId, entry, content.modified);
      return task ? [heard.has(jobId) ? asHeard(task) : task] : [];
    });
  };

  return {
    all: tasks,

    get: async (jobId) => (await tasks()).find((task) => task.jobId === jobId),

    put: (task) => inOrder((entries) => void entries.set(task.jobId, merged(entries.get(task.jobId), task))),

    update: (jobId, change) =>
      inOrder((entries, modified) => {
        const task = taskOf(jobId, entries.get(jobId), modified);
        if (!task) return undefined;
        const changes = change(task);
        if (Object.keys(changes).length === 0) return task;
        const changed = { ...task, ...changes };
        entries.set(jobId, merged(entries.get(jobId), changed));
        return changed;
      }),

    replace: (jobId, task) =>
      inOrder((entries) => {
        const old = entries.get(jobId);
        entries.delete(jobId);
        entries.set(task.jobId, merged(old, task));
      }),

    remove: (jobId) => inOrder((entries) => void entries.delete(jobId)),

    prune: (isOver) =>
      inOrder((entries, modified) => {
        const before = entries.size;
        for (const [jobId, entry] of entries) {
          const task = taskOf(jobId, entry, modified);
          if (task && isOver(task)) entries.delete(jobId);
        }
        return before - entries.size;
      }),

    async heard(jobId) {
      await explained(Promise.resolve(marks.make(jobId)));
      // Writing anything takes the marks up.
      await inOrder(() => undefined);
    },

    version: () => explained(file.version()),

    async lead() {
      const held = await explained(
        fileLock(`${path}.poller`, { staleMs: options.leadStaleMs ?? 30_000, waitMs: 0 }),
      );
      return held && { held: () => held.held(), release: () => held.release() };
    },

    async close() {
      await working;
    },
  };
}

/** The entry of a task: what was there, with the task's own fields over it; the job id is its key. */
function merged(old: unknown, { jobId: _key, ...record }: Task): Record<string, unknown> {
  const { claim: _old, ...rest } = isRecord(old) ? old : {};
  return { ...rest, ...record };
}

function asHeard({ claim: _over, ...task }: Task): Task {
  return { ...task, notice: 'heard' };
}

function differs(before: Entries, after: Entries): boolean {
  if (before.size !== after.size) return true;
  return [...after].some(([key, entry]) => before.get(key) !== entry);
}
