import type { TaskNews } from '../session/taskNews.ts';
import { isFor } from '../tasks/isFor.ts';
import type { TaskDesk } from '../tasks/taskDesk.ts';
import type { Task } from '../tasks/taskRecord.ts';

/** Notices of tasks that were running before the call, made ahead: the newest so many. */
const MOST_AHEAD = 8;

/** What a call needs of the tasks: which ends it is to tell its owner, and the word back that their notice was heard. */
export function taskNews(desk: TaskDesk): TaskNews {
  return {
    follow(owner, listener) {
      const since = new Date().toISOString();
      return desk.follow(owner, ({ jobId, description, status, finishedAt }) => {
        const whileAway = finishedAt !== undefined && finishedAt < since;
        listener({ jobId, description, status, ...(whileAway ? { whileAway } : {}) });
      });
    },
    running(owner, listener) {
      let following = true;
      const tell = (task: Task) => {
        if (following && isFor(task, owner)) listener({ description: task.description });
      };
      const stop = desk.onRunning(tell);
      desk.list(owner).then(
        (tasks) => {
          const runs = tasks.filter(({ status }) => status === 'processing');
          runs.slice(-MOST_AHEAD).forEach(tell);
        },
        // A store that cannot be read is told of where it matters; here only time is lost.
        () => {},
      );
      return () => {
        following = false;
        stop();
      };
    },
    async isRunning(owner) {
      const tasks = await desk.list(owner);
      return tasks.some(({ status }) => status === 'processing');
    },
    heard(jobIds) {
      for (const jobId of jobIds) void desk.markHeard(jobId);
    },
  };
}
