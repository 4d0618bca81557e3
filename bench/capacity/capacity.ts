import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../../src/caller/packageFile.ts';
import { childEnvironment, readEnvironment } from '../../src/config/environment.ts';
import { forkWorker } from '../../src/dispatch/forkWorker.ts';
import { Supervisor } from '../../src/dispatch/supervisor.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { startLiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { sleep } from '../../src/time/sleep.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { BenchProcess, pin } from './benchProcess.ts';
import { measureStep, type StepRig } from './measureStep.ts';
import { type CapacityStep, capacityReport } from './report.ts';
import { GREETING } from './script.ts';

export interface CapacityOptions {
  /** Numbers of calls at the same time, rising. */
  readonly calls: readonly number[];
  /** Time over which each number is measured, s. */
  readonly seconds: number;
  /** Folder for a CPU profile of the agent's process. */
  readonly profile?: string;
}

/** The agent's core, and everybody else's. */
const AGENT_CORE = 0;
const OTHER_CORE = 1;
/** A call is measured once its greeting is over, ms. */
const SETTLE_MS = 7_000;

const ABOUT = `
One call worker (the process that \`start\` runs, all of the agent: WebRTC, voice activity, the local recogniser, the
conversation) on core ${AGENT_CORE}; a real livekit-server, the callers and the vendors' stand-ins share core ${OTHER_CORE}. The vendors hear and
speak from memory: their computing is not in the agent's figures. Every caller has a room, and asks every 18 s; the voice
makes no pauses, so that silence inside it is a hole.
`;

const NO_SERVER = 'No livekit-server here: run `npm run livekit` (needs Go), or set LIVEKIT_SERVER_BIN.';

/** `npm run bench -- capacity`; resolves with whether everything was measured. */
export async function capacity(options: CapacityOptions): Promise<boolean> {
  const bin = await findLiveKitServer(readEnvironment());
  if (bin === undefined) {
    print(NO_SERVER);
    return false;
  }
  print(ABOUT);
  print(`${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`);
  const log = createLogger({ level: 'warn', destination: process.stderr });
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-capacity-'));
  const server = await startLiveKitServer({ bin, log });
  const env = childEnvironment({
    LIVEKIT_URL: server.url,
    LIVEKIT_API_KEY: server.apiKey,
    LIVEKIT_API_SECRET: server.apiSecret,
  });
  const vendors = new BenchProcess('vendors', env, OTHER_CORE);
  const { origin } = await vendors.next('ready');
  const callers = new BenchProcess('callers', env, OTHER_CORE);
  await callers.next('ready');
  const profile = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
  const supervisor = new Supervisor({
    workers: 1,
    perWorker: 30,
    memoryMb: 4_096,
    clock,
    log,
    spawn: () =>
      forkWorker({
        module: packageFile('bin/voice-agent.ts'),
        args: ['worker'],
        execArgv: [...profile, '--import', import.meta.resolve('tsx')],
        env: { ...env, ...vendorSettings(origin), TASKS_FILE: join(folder, 'tasks.json') },
      }),
  });
  try {
    await supervisor.ready(AbortSignal.timeout(60_000));
    const agentPid = supervisor.workers[0]?.pid ?? 0;
    const isPinned = pin(agentPid, AGENT_CORE) && pin(server.pid, OTHER_CORE);
    if (!isPinned)
      print('Processes could not be bound to cores (no taskset): the figures are of no one core.');
    const rig: StepRig = {
      supervisor,
      callers,
      pids: { agent: agentPid, vendors: vendors.pid, callers: callers.pid, server: server.pid },
    };
    const steps: CapacityStep[] = [];
    for (const calls of options.calls) {
      const step = await measureStep(rig, calls, { settleMs: SETTLE_MS, seconds: options.seconds });
      steps.push(step);
      print(capacityReport([step], steps[0]));
      if (step.placed < calls) break;
    }
    print(`\nAll of it:\n${capacityReport(steps, steps[0])}`);
    print(`load average ${loadavg()[0]?.toFixed(2)}`);
    return steps.at(-1)?.placed === options.calls.at(-1);
  } finally {
    callers.send({ type: 'leave' });
    await Promise.race([supervisor.drain(5_000), sleep(clock, 30_000)]);
    supervisor.kill();
    await Promise.all([callers.end(), vendors.end()]);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function vendorSettings(origin: string): Record<string, string> {
  return {
    ANTHROPIC_API_KEY: 'bench',
    ANTHROPIC_BASE_URL: origin,
    ELEVENLABS_API_KEY: 'bench',
    ELEVENLABS_BASE_URL: origin,
    DOUBLEWORD_API_KEY: 'bench',
    DOUBLEWORD_BASE_URL: `${origin}/v1`,
    GREETING,
    LOG_LEVEL: 'warn',
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
