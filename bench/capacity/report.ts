import { percentile } from '../summary.ts';

/** So many calls at the same time, measured. */
export interface CapacityStep {
  readonly calls: number;
  /** How many of them the worker took. */
  readonly placed: number;
  /** Of one core: 1 is all of it. */
  readonly agentCores: number;
  readonly agentRssMb: number;
  readonly otherCores: { readonly vendors: number; readonly callers: number; readonly server: number };
  /** p99 of the agent's timers. */
  readonly lagP99Ms: number;
  /** p50 and p99, at the callers; undefined where no frame came. */
  readonly latenessMs: readonly [number, number] | undefined;
  /** p99 of the callers' own timers: that much of the lateness is not the agent's. */
  readonly callersLagMs: number;
  /** Undefined where no speech was heard. */
  readonly holesPerMinute: number | undefined;
  readonly asked: number;
  readonly answered: number;
  /** From the request to our published track, and to the first audible sample at the caller: infinite where none was. */
  readonly publishedMs: readonly number[];
  readonly firstSampleMs: readonly number[];
  /** Of the whole machine, one minute. */
  readonly load: number;
}

const HEAD = [
  'calls',
  'agent cores',
  'per call',
  'RSS MB',
  'MB per further call',
  'event loop late p99, ms',
  'frames late p50 / p99, ms',
  "callers' own loop late p99, ms",
  'holes/min',
  'answered',
  'request → published p50 / p95, ms',
  'request → first sample p50 / p95, ms',
  'vendors + callers + server, cores',
  'load average',
];

/** A Markdown table, one row a step. What calls cost is beyond a worker without any, in memory beyond the first call. */
export function capacityReport(steps: readonly CapacityStep[]): string {
  const first = steps.find(({ calls }) => calls > 0);
  const rows = steps.map((step) => row(step, first));
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What keeps a step from counting as carried; undefined: nothing. */
export function shortfall({ calls, placed, asked, answered }: CapacityStep): string | undefined {
  if (calls === 0) return undefined;
  if (placed < calls) return `${calls} calls: only ${placed} were taken`;
  if (asked === 0) return `${calls} calls: nobody asked anything, measure for longer`;
  return answered === asked
    ? undefined
    : `${calls} calls: only ${answered} of ${asked} questions were answered`;
}

function row(step: CapacityStep, first: CapacityStep | undefined): string[] {
  const { vendors, callers, server } = step.otherCores;
  const further = first && step.placed > first.placed ? step.placed - first.placed : 0;
  return [
    step.placed < step.calls ? `${step.placed} of ${step.calls}` : String(step.calls),
    step.agentCores.toFixed(2),
    step.placed === 0 ? '–' : (step.agentCores / step.placed).toFixed(3),
    step.agentRssMb.toFixed(0),
    further === 0 || !first ? '–' : ((step.agentRssMb - first.agentRssMb) / further).toFixed(1),
    step.lagP99Ms.toFixed(0),
    step.latenessMs?.map((ms) => ms.toFixed(0)).join(' / ') ?? '–',
    step.callersLagMs.toFixed(0),
    step.holesPerMinute?.toFixed(1) ?? '–',
    `${step.answered} of ${step.asked}`,
    pair(step.publishedMs),
    pair(step.firstSampleMs),
    `${vendors.toFixed(2)} + ${callers.toFixed(2)} + ${server.toFixed(2)}`,
    step.load.toFixed(1),
  ];
}

function pair(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const rank = (percent: number) => {
    const ms = percentile(values, percent);
    return Number.isFinite(ms) ? String(Math.round(ms)) : 'never';
  };
  return `${rank(50)} / ${rank(95)}`;
}
