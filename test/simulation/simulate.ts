/**
 * Simulated calls by the thousand: `npm run simulate -- --seeds 100000 [--from 1] [--processes 2]`, or one of them in full:
 * `npm run simulate -- --seed 4711`. Prints each failing seed with its shortest script; exit code 1 when there is one, or when
 * seeds were not run. With `--keep FILE` a run that is stopped goes on from there when it is started again, and a finished
 * one when it is asked for more seeds.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Batch, isComplete, keep, type Progress, restore } from './progress.ts';
import { describeFailure } from './report.ts';
import { addTallies, runSeeds, type Tally } from './runSeeds.ts';
import { progressLine, summary } from './summary.ts';

/** Seeds that a process is given at a time. */
const BATCH = 100;
/** Failures that are described in full; the others are only listed. */
const DESCRIBED = 5;
const PROGRESS_MS = 10_000;
/** A batch that takes so long hangs, ms. */
const HANGING_MS = 600_000;
/** Fewer collections of short-lived frames. */
const NODE_OPTIONS = ['--max-semi-space-size=64'];

const has = (message: unknown, ...names: readonly string[]): message is object =>
  typeof message === 'object' && message !== null && names.every((name) => name in message);
const isBatch = (message: unknown): message is Batch => has(message, 'from', 'to');
const isTally = (message: unknown): message is Tally => has(message, 'failing', 'seeds', 'coverage');

/** A child: runs what it is given until its parent is gone. */
function serve(): void {
  process.on('message', (message) => {
    if (!isBatch(message)) return;
    void runSeeds(message.from, message.to).then((tally) => {
      if (process.connected) process.send?.(tally);
    });
  });
  process.on('disconnect', () => process.exit());
}

/** Hands out batches to processes, and replaces a process that dies. */
class Run {
  tally: Tally;
  readonly lost: Batch[];
  readonly #asked: Pick<Progress, 'from' | 'seeds'>;
  readonly #todo: Batch[];
  readonly #underWay = new Set<Batch>();
  readonly #secondsBefore: number;
  readonly #startedAt = performance.now();

  constructor({ from, seeds, tally, lost, todo, seconds }: Progress) {
    this.#asked = { from, seeds };
    this.tally = tally;
    this.lost = [...lost];
    this.#todo = [...todo];
    this.#secondsBefore = seconds;
  }

  get progress(): Progress {
    const { tally, lost } = this;
    const seconds = this.#secondsBefore + (performance.now() - this.#startedAt) / 1000;
    return { ...this.#asked, tally, lost, todo: [...this.#underWay, ...this.#todo], seconds };
  }

  async work(): Promise<void> {
    while (this.#todo.length > 0) await this.#employ();
  }

  /** One process, until nothing is left to do or it dies. */
  #employ(): Promise<void> {
    const child = fork(fileURLToPath(import.meta.url), { execArgv: [...process.execArgv, ...NODE_OPTIONS] });
    let batch = this.#give(child);
    let watchdog = setTimeout(() => child.kill('SIGKILL'), HANGING_MS);
    child.on('message', (tally) => {
      if (!isTally(tally)) return;
      this.tally = addTallies(this.tally, tally);
      for (const seed of tally.failing) console.log(`seed ${seed} fails`);
      clearTimeout(watchdog);
      if (batch) this.#underWay.delete(batch);
      batch = this.#give(child);
      watchdog = setTimeout(() => child.kill('SIGKILL'), HANGING_MS);
    });
    return new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        clearTimeout(watchdog);
        if (batch) {
          this.#underWay.delete(batch);
          this.lost.push(batch);
          console.log(`seeds ${batch.from} to ${batch.to - 1} ended their process (${signal ?? code})`);
        }
        resolve();
      });
    });
  }

  #give(child: ChildProcess): Batch | undefined {
    const batch = this.#takeNext();
    if (!batch) {
      child.disconnect();
      return undefined;
    }
    this.#underWay.add(batch);
    // Where nobody takes it any more, the exit that follows tells.
    child.send(batch, () => {});
    return batch;
  }

  #takeNext(): Batch | undefined {
    const next = this.#todo.shift();
    if (!next || next.to - next.from <= BATCH) return next;
    this.#todo.unshift({ ...next, from: next.from + BATCH });
    return { ...next, to: next.from + BATCH };
  }
}

async function simulate(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      processes: { type: 'string', default: String(Math.min(8, availableParallelism())) },
      seed: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  if (values.seed !== undefined) {
    console.log(await describeFailure(Number(values.seed)));
    return 0;
  }
  const from = Number(values.from);
  const seeds = Number(values.seeds);
  const begun = restore(values.keep, from, seeds);
  if (typeof begun === 'string') {
    console.error(begun);
    return 1;
  }
  const run = new Run(begun);
  const report = setInterval(() => {
    const { tally, seconds, lost } = run.progress;
    console.log(progressLine(tally, seeds, seconds, lost.length));
    keep(values.keep, run.progress);
  }, PROGRESS_MS);
  const processes = Math.max(1, Math.min(Number(values.processes), Math.ceil(seeds / BATCH)));
  await Promise.all(Array.from({ length: processes }, () => run.work()));
  clearInterval(report);
  keep(values.keep, run.progress);

  const { tally, lost, seconds } = run.progress;
  const failing = tally.failing.toSorted((a, b) => a - b);
  for (const seed of failing.slice(0, DESCRIBED)) console.log(`\n${await describeFailure(seed)}`);
  console.log(`\n${summary({ from, seeds, tally, lost, seconds, processes })}`);
  const complete = isComplete(run.progress);
  if (!complete) console.log(`\nNot every seed of the ${seeds} was run.`);
  return failing.length === 0 && lost.length === 0 && complete ? 0 : 1;
}

if (process.send) serve();
else process.exitCode = await simulate();
