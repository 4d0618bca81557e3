import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { watch } from 'chokidar';
import { packageFile } from '../caller/packageFile.ts';
import { childEnvironment, type Environment, readEnvironment } from '../config/environment.ts';
import { findLiveKitServer } from '../livekit-server/findLiveKitServer.ts';
import { startLiveKitServer } from '../livekit-server/startLiveKitServer.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import { systemClock } from '../time/systemClock.ts';
import { WakeUp } from '../time/wakeUp.ts';
import { stopSignal } from './stopSignal.ts';

/** Saving several files is one change, ms. */
const SETTLE_MS = 150;
/** Calls get this long to say goodbye before a reload, ms. */
const GRACE_MS = 5_000;

/**
 * `voice-agent dev`: keeps a `start` running and starts it anew when the sources, `.env` or the persona change. The
 * LiveKit server outlives the reloads, so that rooms and browsers stay connected.
 */
export async function dev(): Promise<void> {
  const stop = stopSignal();
  const log = createLogger({ level: 'info' });
  const env = readEnvironment();
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

  while (!stop.aborted) {
    const child = launch(server);
    child.once('exit', (code) => {
      if (!stop.aborted && code !== 0 && code !== null) log.warn('the agent ended: waiting for a change');
    });
    await changed.wait();
    await end(child);
  }
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
function launch(server: OwnServer | undefined): ChildProcess {
  const source = packageFile('bin/voice-agent.ts');
  const program = existsSync(source) ? ['--import', 'tsx', source] : [process.argv[1] ?? ''];
  const livekit = server && {
    LIVEKIT_URL: server.url,
    LIVEKIT_API_KEY: server.apiKey,
    LIVEKIT_API_SECRET: server.apiSecret,
  };
  return spawn(process.execPath, [...program, 'start', '--no-demo', ...(server ? ['--own-server'] : [])], {
    stdio: 'inherit',
    env: childEnvironment(livekit),
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const cancel = systemClock.setTimer(GRACE_MS, () => child.kill('SIGKILL'));
  await gone;
  cancel();
}

function watched(env: Environment): string[] {
  return [
    ...['src', 'bin'].map(packageFile).filter(existsSync),
    '.env',
    ...(env.PERSONA_FILE ? [env.PERSONA_FILE] : []),
  ];
}
