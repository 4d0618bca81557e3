import { runScript } from './runScript.ts';
import { makeScript } from './script.ts';
import { shrink } from './shrink.ts';

/** The kind of a violation: two that differ in names and numbers only are one. */
const kindOf = (violation: string | undefined) =>
  violation?.replace(/"[^"]*"/g, '"…"').replace(/[a-z]+-[a-z]?\d+|\d+/g, '#');

const TAIL = 40;

/** For people: what breaks with this seed, in the shortest script that still breaks, and what led there. */
export async function describeFailure(seed: number): Promise<string> {
  const whole = makeScript(seed);
  const { violation } = await runScript(whole);
  if (violation === undefined) return `seed ${seed}: everything holds`;
  const kind = kindOf(violation);
  const script = await shrink(
    whole,
    async (candidate) => kindOf((await runScript(candidate)).violation) === kind,
  );
  const outcome = await runScript(script);
  const tail = outcome.log.slice(-TAIL).map((line) => {
    const at = 'at' in line ? String(Math.round(line.at)).padStart(7) : '       ';
    return `${at} ${JSON.stringify(line).slice(0, 200)}`;
  });
  return [
    `seed ${seed}: ${violation}`,
    `shrunk to ${JSON.stringify(script)}`,
    ...tail,
    `        ${outcome.violation}`,
  ].join('\n');
}
