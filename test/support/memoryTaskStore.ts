import { randomUUID } from 'node:crypto';
import type { Task, TaskRecord } from '../../src/tasks/taskRecord.ts';
import type { TaskStore } from '../../src/tasks/taskStore.ts';

/** A task store for tests on a virtual clock, where files would be too slow. One `lead` at a time, as everywhere. */
export function createMemoryTaskStore(tasks: readonly Task[] = []): TaskStore {
  const entries = new Map(tasks.map((task) => [task.jobId, task]));
  let version = 0;
  let leader: string | undefined;
  const update = async (jobId: string, change: (task: Task) => Partial<TaskRecord>) => {
    const task = entries.get(jobId);
    if (!task) return undefined;
    const changes = change(task);
    if (Object.keys(changes).length === 0) return task;
    const changed = { ...task, ...changes };
    entries.set(jobId, changed);
    version++;
    return changed;
  };
  return {
    all: async () => [...entries.values()],
    get: async (jobId) => entries.get(jobId),
    async put(task) {
      entries.set(task.jobId, task);
      version++;
    },
    update,
    async replace(jobId, task) {
      entries.delete(jobId);
      entries.set(task.jobId, task);
      version++;
    },
    async remove(jobId) {
      entries.delete(jobId);
      version++;
    },
    async prune(isOver) {
      const over = [...entries.values()].filter(isOver);
      for (const { jobId } of over) entries.delete(jobId);
      if (over.length > 0) version++;
      return over.length;
    },
    async heard(jobId) {
      await update(jobId, () => ({ notice: 'heard', claim: undefined }));
    },
    version: async () => String(version),
    async lead() {
      if (leader !== undefined) return undefined;
      const own = randomUUID();
      leader = own;
      return {
        held: () => leader === own,
        release: async () => {
          if (leader === own) leader = undefined;
        },
      };
    },
    async close() {},
  };
}
