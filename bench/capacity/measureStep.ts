import { loadavg } from 'node:os';
import { sleep } from '../../src/time/sleep.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { percentile } from '../summary.ts';
import { placeCall } from './placeCall.ts';
import type { CapacityStep } from './report.ts';
import type { Rig } from './rig.ts';
import { type Usage, usageOf } from './usage.ts';

type Role = 'agent' | keyof Rig['pids'];

/** Adds calls up to so many, lets them settle, and measures. */
export async function measureStep(
  rig: Rig,
  calls: number,
  { settleMs, seconds }: { settleMs: number; seconds: number },
): Promise<CapacityStep> {
  const { supervisor, callers } = rig;
  const running = supervisor.workers[0]?.calls ?? 0;
  const pids = { ...rig.pids, agent: supervisor.workers[0]?.pid ?? 0 };
  const publishedMs: number[] = [];
  const firstSampleMs: number[] = [];
  let placed = running;
  for (let i = running; i < calls; i++) {
    const call = await placeCall(rig, `call-${i}`);
    if (!call) break;
    placed++;
    publishedMs.push(call.publishedMs);
    firstSampleMs.push(call.firstSampleMs ?? Number.POSITIVE_INFINITY);
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
  const { latenessMs, ownLagMs, holes, speechMs, asked, answered } = await measured;
  const cores = (role: Role) => (after[role].cpuMs - before[role].cpuMs) / took;
  return {
    calls,
    placed,
    agentCores: cores('agent'),
    agentRssMb: after.agent.rssMb,
    otherCores: { vendors: cores('vendors'), callers: cores('callers'), server: cores('server') },
    lagP99Ms: lags.length > 0 ? percentile(lags, 99) : 0,
    latenessMs: latenessMs.length > 0 ? [percentile(latenessMs, 50), percentile(latenessMs, 99)] : undefined,
    callersLagMs: ownLagMs,
    holesPerMinute: speechMs === 0 ? undefined : holes / (speechMs / 60_000),
    asked,
    answered,
    publishedMs,
    firstSampleMs,
    load: loadavg()[0] ?? 0,
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
