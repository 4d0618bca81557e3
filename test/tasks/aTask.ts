import type { Task } from '../../src/tasks/taskRecord.ts';

export function aTask(change: Partial<Task> = {}): Task {
  return {
    jobId: 'job-1',
    description: 'business plan',
    status: 'processing',
    result: null,
    taskId: 'task-1',
    prompt: 'Write a business plan for a coffee shop.',
    owner: 'ann',
    createdAt: '2026-01-01T00:00:00.000Z',
    notice: 'none',
    ...change,
  };
}
