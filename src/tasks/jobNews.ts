import type { BatchSnapshot } from './batchApi.ts';
import type { Task } from './taskRecord.ts';

/** One log line for a round over many jobs: how many there are in each state that the list showed. */
export function jobNews(tasks: readonly Task[], listed: ReadonlyMap<string, BatchSnapshot>): string {
  const counts = new Map<string, number>();
  for (const { jobId } of tasks) {
    const state = listed.get(jobId)?.vendorStatus ?? 'looked at one by one';
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const states = [...counts].map(([state, count]) => `${count} ${state}`);
  return `[POLL] ${tasks.length} jobs: ${states.join(', ')}`;
}
