import Table from 'cli-table3';
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
  readonly lagP99Ms: number;
  /** p50 and p99. */
  readonly latenessMs: readonly [number, number];
  readonly holesPerMinute: number;
  readonly asked: number;
  readonly answered: number;
  /** From the request to our published track, and to the first audible sample at the caller. */
  readonly publishedMs: readonly number[];
  readonly firstSampleMs: readonly number[];
}

/** One row a step; memory per call is beyond the first step's. */
export function capacityReport(steps: readonly CapacityStep[], first: CapacityStep | undefined): string {
  const table = new Table({
    head: [
      'calls',
      'agent core',
      'core/call',
      'RSS MB',
      'MB/call beyond',
      'loop lag p99 ms',
      'frames late p50/p99 ms',
      'holes/min',
      'answered',
      'published p50/p95 ms',
      'first sample p50/p95 ms',
      'vendors+callers+server core',
    ],
  });
  for (const step of steps) {
    const beyond =
      first && step.calls > first.calls
        ? (step.agentRssMb - first.agentRssMb) / (step.calls - first.calls)
        : undefined;
    const { vendors, callers, server } = step.otherCores;
    table.push([
      step.placed < step.calls ? `${step.placed} of ${step.calls}` : step.calls,
      step.agentCores.toFixed(2),
      (step.agentCores / Math.max(1, step.placed)).toFixed(3),
      step.agentRssMb.toFixed(0),
      beyond === undefined ? '–' : beyond.toFixed(1),
      step.lagP99Ms.toFixed(0),
      `${step.latenessMs[0].toFixed(0)} / ${step.latenessMs[1].toFixed(0)}`,
      step.holesPerMinute.toFixed(1),
      `${step.answered} of ${step.asked}`,
      pair(step.publishedMs),
      pair(step.firstSampleMs),
      `${vendors.toFixed(2)} + ${callers.toFixed(2)} + ${server.toFixed(2)}`,
    ]);
  }
  return table.toString();
}

function pair(values: readonly number[]): string {
  if (values.length === 0) return '–';
  return `${Math.round(percentile(values, 50))} / ${Math.round(percentile(values, 95))}`;
}
