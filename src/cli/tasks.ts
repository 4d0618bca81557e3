import Table from 'cli-table3';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { VoiceAgentError } from '../errors.ts';
import { createJsonTaskStore } from '../tasks/jsonTaskStore.ts';
import type { TaskStore } from '../tasks/taskStore.ts';
import { createLogger } from '../telemetry/log.ts';

function openStore(): TaskStore {
  const { files, logLevel } = loadConfig(readEnvironment(), { mode: 'tasks' });
  const log = createLogger({ level: logLevel, destination: process.stderr });
  return createJsonTaskStore(files.tasks, { log });
}

/** `voice-agent tasks list`: one line a task, oldest first. */
export async function listTasks(): Promise<void> {
  const tasks = await openStore().all();
  if (tasks.length === 0) {
    process.stdout.write('No tasks yet.\n');
    return;
  }
  const table = new Table({ head: ['job id', 'status', 'created', 'description'] });
  for (const { jobId, status, createdAt, description } of tasks) {
    table.push([jobId, status, createdAt, description]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

/** `voice-agent tasks show <job id>`: what is known of a task, and its whole result. */
export async function showTask(jobId: string): Promise<void> {
  const task = await openStore().get(jobId);
  if (!task) {
    throw new VoiceAgentError('VA_STORE', `there is no task ${jobId}: "voice-agent tasks list" shows all.`);
  }
  const lines = [
    task.description,
    `status   ${task.status}`,
    `created  ${task.createdAt}`,
    ...(task.finishedAt ? [`finished ${task.finishedAt}`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n\n${task.result ?? 'No result yet.'}\n`);
}
