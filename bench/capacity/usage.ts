import { readFile } from 'node:fs/promises';

/** What a process has used so far, all its threads together. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** Of Linux' process table: clock ticks a second (`getconf CLK_TCK` is 100 on every common system). */
const TICK_MS = 10;

/** Reads `/proc`; other systems have none, and the bench says so. */
export async function usageOf(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  // The program's name, in brackets, may hold spaces; what follows it is counted from field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  return { cpuMs: ticks * TICK_MS, rssMb: rssKb / 1024 };
}
