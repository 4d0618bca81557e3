import { type CrashRun, crashRun } from './crashRun.ts';

/** Which processes of a task were killed, each at which of its points. */
export interface SweepRun extends CrashRun {
  readonly dieAt: readonly number[];
}

/** Runs all, so many at the same time: they wait for locks and claims of dead processes more than they compute. */
export async function sweep(
  child: string,
  plan: readonly (readonly number[])[],
  options: { readonly atOnce: number; onRun?(run: SweepRun): void },
): Promise<readonly SweepRun[]> {
  const waiting = [...plan];
  const runs: SweepRun[] = [];
  const work = async () => {
    for (let dieAt = waiting.shift(); dieAt; dieAt = waiting.shift()) {
      const run = { ...(await crashRun(child, dieAt)), dieAt };
      runs.push(run);
      options.onRun?.(run);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return runs;
}

/** What must hold of a task however often its processes died; undefined: it does. */
export function wrongWith({
  dieAt,
  jobsAtVendor,
  tasksInStore,
  told,
  litter,
  error,
}: SweepRun): string | undefined {
  const problems = [
    jobsAtVendor === 1 ? '' : `${jobsAtVendor} jobs at the vendor`,
    tasksInStore === 1 ? '' : `${tasksInStore} tasks in the store`,
    told === 1 ? '' : `told ${told} times`,
    litter.length === 0 ? '' : `left behind: ${litter.join(', ')}`,
    error ?? '',
  ].filter((problem) => problem !== '');
  return problems.length === 0 ? undefined : `killed at ${dieAt.join(' and ')}: ${problems.join('; ')}`;
}
