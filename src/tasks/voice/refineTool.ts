import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import { refinedPrompt } from '../results/refinedPrompt.ts';
import type { TaskDesk } from '../taskDesk.ts';
import { pickTask } from './pickTask.ts';
import { submissionText } from './submitTool.ts';

const input = z.object({
  job_id: z.string().trim().min(1).describe("The finished task's job id; its description also works."),
  changes: z
    .string()
    .trim()
    .min(1)
    .describe("Everything that should become different: 'make it one page, and add a budget'."),
  task_description: z
    .string()
    .trim()
    .min(1)
    .optional()
    .describe("The new version in a few words; default: the old description and 'revised'."),
});

export function refineTool(desk: TaskDesk): Tool<z.infer<typeof input>> {
  return {
    name: 'refine_task',
    description:
      'Has the result of a finished background task worked over: starts a new job that is given the first result and the changes. Use it for "make it shorter", "add a budget", "in German". Returns at once; the user is told when the new version is done.',
    input,
    sideEffect: true,
    timeoutMs: 60_000,
    filler: 'I am handing that over.',
    async run({ job_id, changes, task_description }, { owner }) {
      const picked = await pickTask(desk, owner, job_id, ({ status }) => status === 'completed');
      if ('answer' in picked) return picked.answer;
      const { task } = picked;
      if (task.status !== 'completed' || !task.result) {
        const state = task.status === 'processing' ? 'is still running' : `has ${task.status}`;
        return `Task '${task.description}' ${state}, so there is nothing to change yet; nothing was started. Job ID: ${task.jobId}. Offer to start it anew with the changes, or to wait.`;
      }
      const description = task_description ?? `${task.description.replace(/, revised$/, '')}, revised`;
      return submissionText(await desk.submit(owner, description, refinedPrompt(task, task.result, changes)));
    },
  };
}
