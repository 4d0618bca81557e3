/**
 * Simulated calls by the thousand: `npm run simulate -- --seeds 100000 [--from 1] [--processes 2]`. Prints each failing seed
 * with its shortest script; exit code 1 when there is one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeFailure } from './report.ts';
import { runSeeds } from './runSeeds.ts';

/** Seeds that a process is given at a time. */
const BATCH = 500;
/** Failures that are described in full; the others are only listed. */
const DESCRIBED = 5;
const PROGRESS_MS = 10_000;

interface Batch {
  readonly from: number;
  readonly to: number;
}

function isBatch(message: unknown): message is Batch {
  return typeof message === 'object' && message !== null && 'from' in message && 'to' in message;
}

function serve(): void {
  process.on('message', (message) => {
    if (!isBatch(message)) return;
    void runSeeds(message.from, message.to).then((failing) => {
      if (process.connected) process.send?.(failing);
    });
  });
  process.on('disconnect', () => process.exit());
}

async function simulate(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      processes: { type: 'string', default: String(Math.min(8, availableParallelism())) },
    },
  });
  const from = Number(values.from);
  const to = from + Number(values.seeds);
  const startedAt = performance.now();
  const failing: number[] = [];
  let next = from;
  let done = 0;
  const seconds = () => (performance.now() - startedAt) / 1000;
  const progress = setInterval(() => {
    console.log(
      `${done} of ${to - from} seeds, ${failing.length} failing, ${Math.round(done / seconds())} a second`,
    );
  }, PROGRESS_MS);

  const work = (child: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      let batch: Batch = { from: next, to: next };
      const give = () => {
        if (next >= to) {
          child.disconnect();
          resolve();
          return;
        }
        batch = { from: next, to: Math.min(to, next + BATCH) };
        next = batch.to;
        child.send(batch);
      };
      child.on('message', (failed) => {
        if (Array.isArray(failed)) failing.push(...failed.map(Number));
        done += batch.to - batch.from;
        give();
      });
      child.on('exit', (code) => {
        if (code !== 0) reject(new Error(`seeds ${batch.from} to ${batch.to} ended their process: ${code}`));
      });
      give();
    });
  const processes = Math.max(1, Math.min(Number(values.processes), Math.ceil((to - from) / BATCH)));
  const file = fileURLToPath(import.meta.url);
  await Promise.all(Array.from({ length: processes }, () => work(fork(file))));
  clearInterval(progress);

  failing.sort((a, b) => a - b);
  for (const seed of failing.slice(0, DESCRIBED)) console.log(`\n${await describeFailure(seed)}`);
  if (failing.length > 0) console.log(`\nfailing seeds: ${failing.join(' ')}`);
  const rate = Math.round((to - from) / seconds());
  console.log(
    `seeds ${from} to ${to - 1}: ${failing.length} violations; ${Math.round(seconds())} s, ${rate} a second`,
  );
  return failing.length === 0 ? 0 : 1;
}

if (process.send) serve();
else process.exitCode = await simulate();
