import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import type { TaskDesk } from '../taskDesk.ts';
import { pickTask } from './pickTask.ts';
import { submissionText } from './submitTool.ts';

const input = z.object({
  job_id: z.string().trim().min(1).describe("The failed task's job id; its description also works."),
});

export function retryTool(desk: TaskDesk): Tool<z.infer<typeof input>> {
  return {
    name: 'retry_task',
    description:
      'Runs a background task that failed, expired or was cancelled once more, with the same instructions, as a new job.',
    input,
    sideEffect: true,
    timeoutMs: 60_000,
    filler: 'I am starting it again.',
    async run({ job_id }, { owner }) {
      const hasFailed = ['failed', 'expired', 'cancelled'];
      const picked = await pickTask(desk, owner, job_id, ({ status }) => hasFailed.includes(status));
      if ('answer' in picked) return picked.answer;
      const { description, jobId, prompt, status } = picked.task;
      if (status === 'processing') {
        return `Task '${description}' is still running, nothing new was started. Job ID: ${jobId}. The user will be notified when it is complete.`;
      }
      if (status === 'completed') {
        return `Task '${description}' is already complete, nothing new was started. Job ID: ${jobId}. For another version use refine_task.`;
      }
      if (prompt.trim() === '') {
        return `Task '${description}' cannot be run again, because its instructions were not kept. Ask the user what it should hold, and use submit_batch_task.`;
      }
      return submissionText(await desk.submit(owner, description, prompt));
    },
  };
}
