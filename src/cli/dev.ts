import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { watch } from 'chokidar';
import { packageFile } from '../caller/packageFile.ts';
import { childEnvironment, type Environment, readEnvironment } from '../config/environment.ts';
import { findLiveKitServer } from '../livekit-server/findLiveKitServer.ts';
import { startLiveKitServer } from '../livekit-server/startLiveKitServer.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import { WakeUp } from '../time/wakeUp.ts';
import { RunningAgent } from './runningAgent.ts';
import { stopSignal } from './stopSignal.ts';

/** Saving several files is one change, ms. */
const SETTLE_MS = 150;
/** What was told to end gets this long, ms. */
const GRACE_MS = 5_000;

/**
 * `voice-agent dev`: keeps a `start` running and starts it anew when the sources, `.env` or the persona change. The
 * LiveKit server outlives the reloads, and running calls go on with the new code, their conversation restored.
 */
export async function dev({ tools }: { readonly tools?: readonly string[] } = {}): Promise<void> {
  const stop = stopSignal();
  const log = createLogger({ level: 'info' });
  const settings = readEnvironment();
  const env = tools === undefined ? settings : { ...settings, TOOLS: tools.join(',') };
  const server = await ownServer(env, log);
  const changed = new WakeUp();
  const watcher = watch(watched(env), { ignoreInitial: true });
  let settle: NodeJS.Timeout | undefined;
  watcher.on('all', (_event, path) => {
    clearTimeout(settle);
    settle = setTimeout(() => {
      log.info(`${path} changed: reloading`);
      changed.call();
    }, SETTLE_MS);
  });
  stop.addEventListener('abort', () => changed.call());

  let current: RunningAgent | undefined;
  while (!stop.aborted) {
    current = await succeed(current, new RunningAgent(launch(server, tools)), log);
    await changed.wait();
  }
  await current?.end();
  await watcher.close();
  await server?.stop();
}

interface OwnServer {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  stop(): Promise<void>;
}

async function ownServer(env: Environment, log: Logger): Promise<OwnServer | undefined> {
  if (env.LIVEKIT_URL) return undefined;
  const bin = await findLiveKitServer(env);
  return bin === undefined ? undefined : startLiveKitServer({ bin, log });
}

/** From a checkout the TypeScript sources run directly; an installed package runs as it is. */
function launch(server: OwnServer | undefined, tools: readonly string[] | undefined): ChildProcess {
  const source = packageFile('bin/voice-agent.ts');
  const isCheckout = existsSync(source);
  const livekit = server && {
    LIVEKIT_URL: server.url,
    LIVEKIT_API_KEY: server.apiKey,
    LIVEKIT_API_SECRET: server.apiSecret,
  };
  const options = ['--no-demo', '--handover', ...(server ? ['--own-server'] : [])];
  return fork(isCheckout ? source : (process.argv[1] ?? ''), ['start', ...options], {
    execArgv: isCheckout ? ['--import', import.meta.resolve('tsx')] : [],
    // One process starts fastest, and hands its calls over whole.
    env: childEnvironment({ ...livekit, WORKERS: '0', ...(tools ? { TOOLS: tools.join(',') } : {}) }),
  });
}

/**
 * The next agent starts while the one before still holds its calls; only when it is up does it take them over. One that does
 * not start, because of a slip in the code, leaves the calls where they are.
 */
async function succeed(
  before: RunningAgent | undefined,
  next: RunningAgent,
  log: Logger,
): Promise<RunningAgent | undefined> {
  if (!(await next.isUp)) {
    const goesOn = before?.isRunning ? ', and the one before goes on' : '';
    log.warn(`the agent does not start${goesOn}: waiting for a change`);
    return before;
  }
  const left = (await before?.handOver(GRACE_MS)) ?? new Map();
  next.begin(left);
  return next;
}

function watched(env: Environment): string[] {
  return [
    ...['src', 'bin'].map(packageFile).filter(existsSync),
    '.env',
    ...(env.PERSONA_FILE ? [env.PERSONA_FILE] : []),
    ...(env.TOOLS?.split(',').map((file) => file.trim()) ?? []),
  ];
}
