import { isRecord } from '../isRecord.ts';
import { call, type PlannedReply } from '../plannedReply.ts';
import { readsResult } from './resume.ts';
import type { Scene } from './scene.ts';

const TOOL = 'get_task_result';

/** Asks for a part of a result to read out; for all of it where the tool knows no parts. */
export function readResult(jobId: string, section: string, { tools }: Scene): PlannedReply {
  return call(TOOL, knowsParts({ tools }) ? { job_id: jobId, section } : { job_id: jobId });
}

export function knowsParts({ tools }: Pick<Scene, 'tools'>): boolean {
  return tools.get(TOOL)?.properties?.section !== undefined;
}

/** Goes on with the result that was read last, when it was the last thing that was read. */
export function nextPart(scene: Scene): PlannedReply | undefined {
  const job = lastRead(scene);
  return job !== undefined && knowsParts(scene) && readsResult(scene.items)
    ? readResult(job, 'next', scene)
    : undefined;
}

/** Job id of the result that was asked for last. */
export function lastRead({ items }: Scene): string | undefined {
  const item = items.findLast((one) => one.kind === 'call' && one.name === TOOL);
  const input = item?.kind === 'call' ? item.input : undefined;
  return isRecord(input) && typeof input.job_id === 'string' ? input.job_id : undefined;
}
