import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import { createRedactor } from '../telemetry/redactor.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { systemClock } from '../time/systemClock.ts';
import { freeTcpPort, freeUdpPort } from './freePort.ts';
import { outputTail } from './outputTail.ts';
import { serverConfig } from './serverConfig.ts';
import { tether } from './tether.ts';

const PREFERRED_PORT = 7880;
const PREFERRED_UDP_PORT = 7882;
const READY_WITHIN_MS = 20_000;
const ATTEMPTS = 3;
/** The first SIGTERM lets participants leave, the second does not wait, then SIGKILL. */
const SECOND_TERM_MS = 300;
const KILL_MS = 3_000;

export interface StartOptions {
  /** Path of the program. */
  readonly bin: string;
  /** TCP port on loopback; without it 7880, or another when that one is taken. */
  readonly port?: number;
  readonly webhookUrls?: readonly string[];
  readonly log: Logger;
  readonly clock?: Clock;
  /** Gives up the start; a running server is ended with `stop()`. */
  readonly signal?: AbortSignal;
}

export interface LiveKitServer {
  /** `ws://127.0.0.1:<port>` */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The process. */
  readonly pid: number;
  /** Resolves when the server has ended: with the reason when it ended by itself, with undefined after `stop()`. */
  readonly ended: Promise<VoiceAgentError | undefined>;
  /** Idempotent; resolves when the process is gone. Let participants leave before. */
  stop(): Promise<void>;
}

/**
 * Runs a livekit-server on loopback with a random secret, until `stop()` or until this process ends in any way.
 * Rejects with `VA_LIVEKIT_SERVER` and the last lines that the server said.
 */
export async function startLiveKitServer(options: StartOptions): Promise<LiveKitServer> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freeTcpPort(PREFERRED_PORT));
    const started = await launch(options, port, await freeUdpPort(PREFERRED_UDP_PORT));
    if ('url' in started) return started;
    // Somebody may have taken a port between our look and the server's.
    if (attempt === ATTEMPTS || !started.portTaken) throw started.error;
  }
}

type Failed = { readonly error: VoiceAgentError; readonly portTaken: boolean };

async function launch(options: StartOptions, port: number, udpPort: number): Promise<LiveKitServer | Failed> {
  const { bin, log, clock = systemClock, signal } = options;
  const apiKey = 'voiceagent';
  const apiSecret = randomBytes(32).toString('hex');
  const config = serverConfig({ port, udpPort, apiKey, apiSecret, webhookUrls: options.webhookUrls ?? [] });
  // In the environment the secret is the server's alone; in its arguments every user could read it.
  const child = spawn(bin, [], {
    env: { LIVEKIT_CONFIG: config },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const redact = createRedactor([apiSecret]);
  let announced = false;
  const tail = outputTail([child.stdout, child.stderr], 12, (line) => {
    if (line.includes('starting LiveKit server')) announced = true;
    log.debug(`livekit-server: ${redact(line)}`);
  });
  const untie = tether(child);
  let stopping = false;
  const gone = exitOf(child).then((reason) => {
    untie();
    return reason;
  });
  const stop = async () => {
    stopping = true;
    await end(child, gone, clock);
  };
  const deadline = clock.now() + READY_WITHIN_MS;
  let reason: string | undefined;
  void gone.then((why) => {
    reason = why;
  });
  while (!(announced && (await answers(port)))) {
    if (reason !== undefined) return failed(`it ended at once (${reason})`, redact(tail.text()));
    if (signal?.aborted || clock.now() > deadline) {
      await stop();
      return failed(
        signal?.aborted ? 'the start was given up' : `not ready within ${READY_WITHIN_MS / 1000} s`,
        redact(tail.text()),
      );
    }
    await sleep(clock, 30, signal);
  }
  log.info(`livekit-server runs at ws://127.0.0.1:${port}`, { bin, pid: child.pid });
  return {
    url: `ws://127.0.0.1:${port}`,
    apiKey,
    apiSecret,
    pid: child.pid ?? 0,
    ended: gone.then((why) =>
      stopping ? undefined : failed(`it ended by itself (${why})`, redact(tail.text())).error,
    ),
    stop,
  };
}

function failed(what: string, said: string): Failed {
  return {
    portTaken: said.includes('address already in use'),
    error: new VoiceAgentError(
      'VA_LIVEKIT_SERVER',
      `livekit-server does not run: ${what}. Set LIVEKIT_URL to use another server, or LIVEKIT_SERVER_BIN for another ` +
        `program.${said === '' ? '' : ` It said:\n${said}`}`,
    ),
  };
}

/** Resolves when the process has ended and its output is read. */
function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** `GET /` answers 200 when the server is healthy. */
async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, gone: Promise<unknown>, clock: Clock): Promise<void> {
  const done = new AbortController();
  void gone.then(() => done.abort());
  for (const [signal, patience] of [
    ['SIGTERM', SECOND_TERM_MS],
    ['SIGTERM', KILL_MS],
    ['SIGKILL', KILL_MS],
  ] as const) {
    if (done.signal.aborted) return;
    child.kill(signal);
    await sleep(clock, patience, done.signal);
  }
  await gone;
}
