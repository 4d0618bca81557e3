import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../src/config/environment.ts';
import { forkWorker } from '../../src/dispatch/forkWorker.ts';
import { Supervisor } from '../../src/dispatch/supervisor.ts';
import { startLiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { sleep } from '../../src/time/sleep.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { compile } from '../compile.ts';
import { standInSettings } from '../standInSettings.ts';
import { BenchProcess, pin } from './benchProcess.ts';
import { GREETING } from './script.ts';

/** The core of a single agent process, and everybody else's. */
export const AGENT_CORE = 0;
export const OTHER_CORE = 1;
/** No limit of the agent's own is to be met before the machine's. */
const MEMORY_MB = 4_096;

export interface RigOptions {
  readonly bin: string;
  readonly workers: number;
  /** Folder for a CPU profile of each worker. */
  readonly profile?: string;
}

/** A LiveKit server, callers, the vendors' stand-ins, and call workers as `start` runs them. */
export interface Rig {
  readonly supervisor: Supervisor;
  readonly callers: BenchProcess;
  readonly pids: Readonly<Record<'vendors' | 'callers' | 'server', number>>;
  /** Binds a single worker to its core, and the server to the other; false where that cannot be done. */
  pin(): boolean;
  close(): Promise<void>;
}

export async function openRig({ bin, workers, profile }: RigOptions): Promise<Rig> {
  const log = createLogger({ level: 'warn', destination: process.stderr });
  const program = await compile('capacity', { folders: ['src', 'bin', 'bench/capacity'] });
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-capacity-'));
  const server = await startLiveKitServer({ bin, log });
  const env = childEnvironment({
    LIVEKIT_URL: server.url,
    LIVEKIT_API_KEY: server.apiKey,
    LIVEKIT_API_SECRET: server.apiSecret,
  });
  const vendors = new BenchProcess(program.file('bench/capacity/vendors.ts'), env, OTHER_CORE);
  const { origin } = await vendors.next('ready');
  const callers = new BenchProcess(program.file('bench/capacity/callers.ts'), env, OTHER_CORE);
  await callers.next('ready');
  const supervisor = new Supervisor({
    workers,
    perWorker: 30,
    memoryMb: MEMORY_MB,
    clock,
    log,
    spawn: () =>
      forkWorker({
        module: program.file('bin/voice-agent.ts'),
        args: ['worker'],
        execArgv: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
        env: {
          ...env,
          ...standInSettings(origin),
          GREETING,
          LOG_LEVEL: 'warn',
          TASKS_FILE: join(folder, 'tasks.json'),
        },
      }),
  });
  await supervisor.ready(AbortSignal.timeout(60_000));
  return {
    supervisor,
    callers,
    pids: { vendors: vendors.pid, callers: callers.pid, server: server.pid },
    pin: () => pin(supervisor.workers[0]?.pid ?? 0, AGENT_CORE) && pin(server.pid, OTHER_CORE),
    async close() {
      callers.send({ type: 'leave' });
      await Promise.race([supervisor.drain(5_000), sleep(clock, 30_000)]);
      supervisor.kill();
      await Promise.all([callers.end(), vendors.end()]);
      await server.stop();
      await Promise.all([program.remove(), rm(folder, { recursive: true, force: true })]);
    },
  };
}
