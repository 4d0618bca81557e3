import type { Tally } from './runSeeds.ts';

const HOUR_MS = 3_600_000;
const count = (number: number) => Math.round(number).toLocaleString('en-GB');
const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** A duration in seconds, for people. */
function lasting(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function progressLine(tally: Tally, seeds: number, seconds: number, lost: number): string {
  const rate = tally.seeds / Math.max(seconds, 0.001);
  const left = rate > 0 ? `${lasting((seeds - tally.seeds) / rate)} left` : 'starting';
  const troubles = `${tally.failing.length} failing${lost > 0 ? `, ${lost} batches lost` : ''}`;
  return `${count(tally.seeds)} of ${count(seeds)} calls (${percent(tally.seeds, seeds)}), ${troubles}, ${Math.round(rate)} a second, ${left}`;
}

/** What a run came to, as Markdown. */
export function summary(run: {
  readonly from: number;
  readonly seeds: number;
  readonly tally: Tally;
  readonly lost: readonly { readonly from: number; readonly to: number }[];
  readonly seconds: number;
  readonly processes: number;
}): string {
  const { from, seeds, tally, lost, seconds, processes } = run;
  const hours = tally.virtualMs / HOUR_MS;
  const things = Object.entries(tally.coverage).sort(([, a], [, b]) => b - a);
  const failing = tally.failing.toSorted((a, b) => a - b);
  return [
    '| | |',
    '| --- | --- |',
    `| seeds | ${from} to ${from + seeds - 1} |`,
    `| calls run | ${count(tally.seeds)} |`,
    `| **violations** | **${failing.length}**${failing.length > 0 ? `: ${failing.join(' ')}` : ''} |`,
    ...lost.map((batch) => `| not run to the end | ${batch.from} to ${batch.to - 1} |`),
    `| conversation | ${count(hours)} hours (${Math.round(tally.virtualMs / Math.max(1, tally.seeds) / 1000)} s a call) |`,
    `| events and commands checked | ${count(tally.events)} |`,
    `| duration | ${lasting(seconds)}, ${processes} processes, ${Math.round(tally.seeds / Math.max(seconds, 0.001))} calls a second |`,
    '',
    '| in how many calls | | |',
    '| --- | ---: | ---: |',
    ...things.map(([name, calls]) => `| ${name} | ${count(calls)} | ${percent(calls, tally.seeds)} |`),
  ].join('\n');
}
