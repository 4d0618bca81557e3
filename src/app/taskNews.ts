import type { TaskNotice } from '../conversation/event.ts';
import type { TaskNews } from '../session/session.ts';
import { noticeText } from '../tasks/notice.ts';
import type { TaskDesk } from '../tasks/taskDesk.ts';
import type { Task } from '../tasks/taskRecord.ts';

/** What a call needs of the tasks: notices for its owner, in words, and the word back that they were heard. */
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
        listener(noticeOf(task));
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

function noticeOf(task: Task): TaskNotice {
  return {
    jobIds: [task.jobId],
    text: noticeText(task),
    event:
      `The background task "${task.description}" (job id ${task.jobId}) is ${task.status}. ` +
      'The caller was told so, in the words that follow.',
  };
}
