import type { Task, TaskRecord } from '../../src/tasks/taskRecord.ts';
import type { TaskStore } from '../../src/tasks/taskStore.ts';

/** A task store for tests on a virtual clock, where files would be too slow. */
export function createMemoryTaskStore(tasks: readonly Task[] = []): TaskStore {
  const entries = new Map(tasks.map((task) => [task.jobId, task]));
  return {
    all: async () => [...entries.values()],
    get: async (jobId) => entries.get(jobId),
    async put(task) {
      entries.set(task.jobId, task);
    },
    async update(jobId, change: (task: Task) => Partial<TaskRecord>) {
      const task = entries.get(jobId);
      if (!task) return undefined;
      const changed = { ...task, ...change(task) };
      entries.set(jobId, changed);
      return changed;
    },
    async replace(jobId, task) {
      entries.delete(jobId);
      entries.set(task.jobId, task);
    },
    async remove(jobId) {
      entries.delete(jobId);
    },
  };
}
