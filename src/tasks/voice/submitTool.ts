import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import type { Submission, TaskDesk } from '../taskDesk.ts';

const input = z.object({
  task_description: z
    .string()
    .trim()
    .min(1)
    .describe("The task in a few words, as it will be said to the user: 'business plan for a coffee shop'."),
  detailed_prompt: z
    .string()
    .trim()
    .min(1)
    .describe(
      'Full instructions for the model that does the work: it sees nothing else of this conversation.',
    ),
});

export function submitTool(desk: TaskDesk): Tool<z.infer<typeof input>> {
  return {
    name: 'submit_batch_task',
    description:
      'Hands long work to a batch service that works in the background: business plans, reports, research, long documents, anything that cannot be said in two or three sentences. Returns at once; the user is told when it is done. Do not do such work yourself. Several tasks may run at the same time.',
    input,
    sideEffect: true,
    timeoutMs: 60_000,
    filler: 'I am handing that over.',
    async run({ task_description, detailed_prompt }, { owner }) {
      return submissionText(await desk.submit(owner, task_description, detailed_prompt));
    },
  };
}

/** What the model is told of a submission, new or not. */
export function submissionText({ task, duplicate }: Submission): string {
  if (!duplicate) {
    return `Task '${task.description}' submitted successfully. Job ID: ${task.jobId}. The user will be notified when it is complete.`;
  }
  return task.status === 'completed'
    ? `The same task '${task.description}' was submitted a moment ago and is already complete. Job ID: ${task.jobId}. Nothing new was started.`
    : `The same task '${task.description}' was submitted a moment ago and is still running. Job ID: ${task.jobId}. Nothing new was started; the user will be notified when it is complete.`;
}
