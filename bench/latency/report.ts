import Table from 'cli-table3';
import { summary } from '../summary.ts';
import type { Interruption } from './measureInterruptions.ts';
import type { Measured, Response } from './measureResponses.ts';

interface Aim {
  readonly of: 'p50' | 'p95';
  readonly ms: number;
}

type Row = readonly [name: string, values: readonly number[], aim?: Aim | undefined];

export function responseReport({ results, failures }: Measured<Response>, turns: number, aim?: Aim): string {
  const own = results.map(({ deciding, speaking, carrying }) => deciding + speaking + carrying);
  const rows: readonly Row[] = [
    ["end of the caller's speech → the turn is over (not counted)", results.map((one) => one.waiting)],
    [
      "the turn is over → the model's first words (below 0: asked in advance)",
      results.map((one) => one.thinking),
    ],
    ['the turn is over → the voice is told to play', results.map((one) => one.deciding)],
    ['→ the room has accepted the first frame', results.map((one) => one.speaking)],
    ['→ the caller hears it', results.map((one) => one.carrying)],
    ['own overhead: the turn is over → the caller hears the answer', own, aim],
    [
      '  of which before the room: → first frame accepted',
      results.map((one, index) => (own[index] ?? 0) - one.carrying),
    ],
  ];
  return section(`Response: ${results.length} of ${turns} turns measured`, rows, failures);
}

export function interruptionReport(
  { results, failures }: Measured<Interruption>,
  times: number,
  aim?: Aim,
): string {
  const rows: readonly Row[] = [
    ['the caller begins to speak → the agent decides to be silent', results.map((one) => one.noticing)],
    ['interrupt decision → last audible sample at the caller', results.map((one) => one.silencing), aim],
    ['the caller begins to speak → silence', results.map((one) => one.noticing + one.silencing)],
  ];
  return section(`Interruption: ${results.length} of ${times} measured`, rows, failures);
}

function section(title: string, rows: readonly Row[], failures: readonly string[]): string {
  const table = new Table({
    head: [title, 'p50 ms', 'p95 ms', 'max ms', 'aim'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, values, aim] of rows) {
    const figures = summary(values);
    const cells = figures
      ? [figures.p50, figures.p95, figures.max].map((ms) => ms.toFixed(1))
      : ['–', '–', '–'];
    const verdict = aim
      ? `${aim.of} ≤ ${aim.ms}: ${figures && figures[aim.of] <= aim.ms ? 'met' : 'MISSED'}`
      : '';
    table.push([name, ...cells, verdict]);
  }
  const failed = failures.map((failure) => `  not measured: ${failure}`);
  return [table.toString(), ...failed].join('\n');
}
