import { runScript } from './runScript.ts';
import { makeScript } from './script.ts';

/** What simulated calls came to. */
export interface Tally {
  /** Seeds of the calls in which something broke. */
  readonly failing: readonly number[];
  readonly seeds: number;
  readonly virtualMs: number;
  readonly events: number;
  /** In how many calls each thing happened. */
  readonly coverage: Readonly<Record<string, number>>;
}

/** Runs the calls of the seeds `from` up to `to`, without the latter. */
export async function runSeeds(from: number, to: number): Promise<Tally> {
  const failing: number[] = [];
  const coverage: Record<string, number> = {};
  let virtualMs = 0;
  let events = 0;
  const { stackTraceLimit } = Error;
  // Whatever is aborted makes an error, and nobody reads where.
  Error.stackTraceLimit = 0;
  for (let seed = from; seed < to; seed++) {
    const outcome = await runScript(makeScript(seed));
    if (outcome.violation !== undefined) failing.push(seed);
    virtualMs += outcome.virtualMs;
    events += outcome.log.length;
    for (const name of outcome.seen) coverage[name] = (coverage[name] ?? 0) + 1;
  }
  Error.stackTraceLimit = stackTraceLimit;
  return { failing, seeds: to - from, virtualMs, events, coverage };
}

export function addTallies(one: Tally, other: Tally): Tally {
  const coverage = { ...one.coverage };
  for (const [name, calls] of Object.entries(other.coverage)) coverage[name] = (coverage[name] ?? 0) + calls;
  return {
    failing: [...one.failing, ...other.failing],
    seeds: one.seeds + other.seeds,
    virtualMs: one.virtualMs + other.virtualMs,
    events: one.events + other.events,
    coverage,
  };
}

export const emptyTally: Tally = { failing: [], seeds: 0, virtualMs: 0, events: 0, coverage: {} };
