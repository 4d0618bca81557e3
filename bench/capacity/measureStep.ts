import type { PlacedCall } from '../../src/dispatch/callPlacement.ts';
import type { Supervisor } from '../../src/dispatch/supervisor.ts';
import { sleep } from '../../src/time/sleep.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { percentile } from '../summary.ts';
import type { BenchProcess } from './benchProcess.ts';
import type { CapacityStep } from './report.ts';
import { type Usage, usageOf } from './usage.ts';

type Role = 'agent' | 'vendors' | 'callers' | 'server';

export interface StepRig {
  readonly supervisor: Supervisor;
  readonly callers: BenchProcess;
  readonly pids: Readonly<Record<Role, number>>;
}

/** Longest wait for an agent's first sample, ms. */
const FIRST_SAMPLE_MS = 15_000;

/** Adds calls up to so many, lets them settle, and measures. */
export async function measureStep(
  { supervisor, callers, pids }: StepRig,
  calls: number,
  { settleMs, seconds }: { settleMs: number; seconds: number },
): Promise<CapacityStep> {
  const running = supervisor.workers[0]?.calls ?? 0;
  const published: number[] = [];
  const firstSample: number[] = [];
  let placed = running;
  for (let i = running; i < calls; i++) {
    const room = `call-${i}`;
    const heard = once(callers, room);
    callers.send({ type: 'join', room });
    await callers.next('joined');
    const requestedAt = Date.now();
    const call = await supervisor
      .place({ room, source: 'cli', requestedAt }, AbortSignal.timeout(30_000))
      .catch((): PlacedCall | undefined => undefined);
    if (!call) break;
    placed++;
    published.push(Date.now() - requestedAt);
    const at = await Promise.race([heard, sleep(clock, FIRST_SAMPLE_MS)]);
    if (at !== undefined) firstSample.push(at - requestedAt);
  }
  await sleep(clock, settleMs);
  callers.send({ type: 'reset' });
  const before = await usages(pids);
  const lags: number[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1000) {
    await sleep(clock, 500);
    lags.push(supervisor.workers[0]?.lagMs ?? 0);
  }
  const took = performance.now() - startedAt;
  const after = await usages(pids);
  const measured = callers.next('measured');
  callers.send({ type: 'measure' });
  const { latenessMs, holes, speechMs, asked, answered } = await measured;
  const cores = (role: Role) => (after[role].cpuMs - before[role].cpuMs) / took;
  return {
    calls,
    placed,
    agentCores: cores('agent'),
    agentRssMb: after.agent.rssMb,
    otherCores: { vendors: cores('vendors'), callers: cores('callers'), server: cores('server') },
    lagP99Ms: lags.length > 0 ? percentile(lags, 99) : 0,
    latenessMs: latenessMs.length > 0 ? [percentile(latenessMs, 50), percentile(latenessMs, 99)] : [0, 0],
    holesPerMinute: speechMs === 0 ? 0 : holes / (speechMs / 60_000),
    asked,
    answered,
    publishedMs: published,
    firstSampleMs: firstSample,
  };
}

async function usages(pids: Readonly<Record<Role, number>>): Promise<Readonly<Record<Role, Usage>>> {
  const [agent, vendors, callers, server] = await Promise.all([
    usageOf(pids.agent),
    usageOf(pids.vendors),
    usageOf(pids.callers),
    usageOf(pids.server),
  ]);
  return { agent, vendors, callers, server };
}

/** When the agent of this room was first heard. */
function once(callers: BenchProcess, room: string): Promise<number> {
  return new Promise((resolve) => {
    callers.onMessage = (message) => {
      if (message.type === 'firstSample' && message.room === room) resolve(message.at);
    };
  });
}
