import type { TaskNews } from '../session/session.ts';
import type { TaskDesk } from '../tasks/taskDesk.ts';
import type { Task } from '../tasks/taskRecord.ts';

/** What a call needs of the tasks: which of its owner's have ended, and the word back that their notice was heard. */
export function taskNews(desk: TaskDesk): TaskNews {
  return {
    follow(owner, listener) {
      let following = true;
      // A task that ends at this very moment is both pending and news.
      const told = new Set<string>();
      const tell = (task: Task) => {
        // Tasks of the original app's file belong to nobody: whoever calls may hear of them.
        if (!following || told.has(task.jobId) || (task.owner !== owner && task.owner !== '')) return;
        told.add(task.jobId);
        listener({ jobId: task.jobId, description: task.description, status: task.status });
      };
      const stop = desk.onFinished(tell);
      void desk.pendingNotices(owner).then((tasks) => tasks.forEach(tell));
      return () => {
        following = false;
        stop();
      };
    },
    heard(jobIds) {
      for (const jobId of jobIds) void desk.markHeard(jobId);
    },
  };
}
