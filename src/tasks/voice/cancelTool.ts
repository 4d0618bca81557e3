import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import type { TaskDesk } from '../taskDesk.ts';
import { pickTask } from './pickTask.ts';

const input = z.object({
  job_id: z.string().trim().min(1).describe("The task's job id; its description also works."),
});

export function cancelTool(desk: TaskDesk): Tool<z.infer<typeof input>> {
  return {
    name: 'cancel_task',
    description:
      'Cancels a background task that is still running, at the batch service. Use it as soon as the user says that they do not want it any more, without asking again.',
    input,
    sideEffect: true,
    timeoutMs: 20_000,
    filler: 'I am cancelling it.',
    async run({ job_id }, { owner }) {
      const picked = await pickTask(desk, owner, job_id, ({ status }) => status === 'processing');
      if ('answer' in picked) return picked.answer;
      const { description, jobId } = picked.task;
      const result = await desk.cancel(jobId);
      if (!result) return `No task found with job ID: ${job_id}`;
      const { status } = result.task;
      if (result.cancelled || status === 'cancelled')
        return `Task '${description}' was cancelled. Job ID: ${jobId}. Its work is lost.`;
      const how =
        status === 'processing' ? 'has just ended; the user will be told how' : `has already ${status}`;
      return `Task '${description}' was not cancelled, because it ${how}. Job ID: ${jobId}.`;
    },
  };
}
