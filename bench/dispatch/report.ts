import Table from 'cli-table3';
import { summary } from '../summary.ts';

/** One caller's way to an agent, ms. */
export interface Journey {
  /** From the webhook's arrival to our published track; undefined where it did not come in time. */
  readonly fromRoomStarted: number | undefined;
  readonly fromParticipantJoined: number | undefined;
  /** From the moment at which the caller began to connect. */
  readonly fromConnect: number;
  /** Until the caller's client shows the agent. */
  readonly untilMet: number;
}

const AIM = { p50: 300, p95: 600 };

export function report(title: string, journeys: readonly Journey[]): string {
  const known = (values: readonly (number | undefined)[]) => values.filter((ms) => ms !== undefined);
  const rows: ReadonlyArray<readonly [string, readonly number[], boolean]> = [
    [
      'webhook room_started → our track is published',
      known(journeys.map((one) => one.fromRoomStarted)),
      true,
    ],
    [
      'webhook participant_joined → published (below 0: we were there first)',
      known(journeys.map((one) => one.fromParticipantJoined)),
      false,
    ],
    ['the caller begins to connect → published', journeys.map((one) => one.fromConnect), false],
    ['→ the caller has met the agent', journeys.map((one) => one.untilMet), false],
  ];
  const table = new Table({
    head: [`${title}: ${journeys.length} rooms`, 'p50 ms', 'p95 ms', 'max ms', 'aim'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, values, aimed] of rows) {
    const figures = summary(values);
    const cells = figures
      ? [figures.p50, figures.p95, figures.max].map((ms) => ms.toFixed(0))
      : ['–', '–', '–'];
    const met = figures && figures.p50 <= AIM.p50 && figures.p95 <= AIM.p95;
    table.push([name, ...cells, aimed ? `≤ ${AIM.p50} / ${AIM.p95}: ${met ? 'met' : 'MISSED'}` : '']);
  }
  return `\n${table.toString()}`;
}
