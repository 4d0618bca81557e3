import Table from 'cli-table3';
import { compile } from '../compile.ts';
import { crashRun } from './crashRun.ts';
import { sweep, wrongWith } from './sweep.ts';

const AT_ONCE = 10;
/** Fewer runs show too little. */
export const FEWEST_RUNS = 200;

/**
 * Kills the process that serves a task with SIGKILL at each point at which it writes or asks the vendor, and, in the rest of
 * the runs, a second process on its way back too. Resolves with whether every task was kept, made and told exactly once,
 * in runs enough to say so.
 */
export async function crashes({ runs: wanted }: { readonly runs: number }): Promise<boolean> {
  const compiled = await compile('crashes', { files: ['bench/crashes/child.ts'] });
  const child = compiled.file('bench/crashes/child.ts');
  try {
    const { points } = await crashRun(child, [0]);
    const each = points.map((_, i) => [i + 1]);
    const random = () => 1 + Math.floor(Math.random() * points.length);
    const twice = Array.from({ length: Math.max(0, wanted - each.length) }, () => [random(), random()]);
    let done = 0;
    const total = each.length + twice.length;
    const runs = await sweep(child, [...each, ...twice], {
      atOnce: AT_ONCE,
      onRun() {
        if (++done % 20 === 0) process.stderr.write(`${done} of ${total}\n`);
      },
    });
    const table = new Table({ head: ['measure', 'figure', 'must be'] });
    const count = (which: (run: (typeof runs)[number]) => boolean) => runs.filter(which).length;
    table.push(
      ['points at which a process was killed', points.length, ''],
      ['runs', runs.length, `≥ ${FEWEST_RUNS}`],
      ['processes killed', runs.reduce((sum, { killed }) => sum + killed.filter(Boolean).length, 0), ''],
      ['tasks lost (store or vendor)', count((run) => run.jobsAtVendor === 0 || run.tasksInStore === 0), 0],
      ['tasks duplicated', count((run) => run.jobsAtVendor > 1 || run.tasksInStore > 1), 0],
      ['never told', count((run) => run.told === 0), 0],
      ['told more than once', count((run) => run.told > 1), 0],
      ['told exactly once', count((run) => run.told === 1), runs.length],
    );
    process.stdout.write(`${table.toString()}\n`);
    const wrong = runs.flatMap((run) => wrongWith(run) ?? []);
    for (const line of wrong) process.stdout.write(`${line}\n`);
    const enough = runs.length >= FEWEST_RUNS;
    if (!enough) process.stdout.write(`${runs.length} runs are too few: ${FEWEST_RUNS} at least.\n`);
    return wrong.length === 0 && enough;
  } finally {
    await compiled.remove();
  }
}
