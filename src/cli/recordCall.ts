import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { secretsOf } from '../config/secretsOf.ts';
import { createRecorder, type Recorder } from '../telemetry/recorder.ts';
import type { AgentProcess } from './process.ts';

interface Recorded extends Pick<AgentProcess, 'config' | 'log'> {
  readonly agent: Pick<AgentProcess['agent'], 'options'>;
}

/** Records a call as `<name>.ndjson` in the folder for recordings. Never rejects: a full disk ends no call. */
export async function recordCall({ agent, config, log }: Recorded, name: string): Promise<Recorder> {
  const folder = config.files.recordings;
  await mkdir(folder, { recursive: true }).catch((error: unknown) =>
    log.warn('the folder for recordings cannot be made', { folder, error }),
  );
  // Room names come from outside.
  const file = name.replace(/[^\w.-]+/g, '_');
  return createRecorder({
    path: join(folder, `${file}.ndjson`),
    options: agent.options,
    log,
    secrets: secretsOf(config),
  });
}
