import { runScript } from './runScript.ts';
import { makeScript } from './script.ts';

/** Runs the calls of the seeds `from` up to `to`, without the latter; resolves with those in which something broke. */
export async function runSeeds(from: number, to: number): Promise<readonly number[]> {
  const failing: number[] = [];
  for (let seed = from; seed < to; seed++) {
    const { violation } = await runScript(makeScript(seed));
    if (violation !== undefined) failing.push(seed);
  }
  return failing;
}
