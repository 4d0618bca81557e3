import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../config/environment.ts';
import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { systemClock } from '../time/systemClock.ts';
import { cachePath } from './cachePath.ts';
import { findProgram } from './findProgram.ts';
import { goInstall } from './goInstall.ts';
import { checkGo } from './goToolchain.ts';
import { isExecutable } from './isExecutable.ts';
import { processLock } from './processLock.ts';
import { HOW_TO_GET_ONE, LIVEKIT_SERVER_PACKAGE, LIVEKIT_SERVER_VERSION } from './version.ts';

export interface BuildOptions {
  readonly env: Environment;
  /** A short line about what happens now, for people: about once a second, or every 15 s in the background. */
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Leave the processor to whoever needs it now: somebody is in a call meanwhile. */
  readonly background?: boolean;
  readonly clock?: Clock;
}

/**
 * Builds the pinned livekit-server into the cache and resolves with its path; at once when it is there already. Takes
 * one to five minutes the first time. Two processes do not build at the same time, and nobody ever sees half a program.
 * Rejects with `VA_LIVEKIT_SERVER`, also when `signal` aborts.
 */
export async function buildLiveKitServer(options: BuildOptions): Promise<string> {
  const { env, onProgress, signal, clock = systemClock } = options;
  const target = cachePath(env);
  if (await isExecutable(target)) return target;
  const go = await findProgram('go', env);
  if (go === undefined) {
    throw new VoiceAgentError(
      'VA_LIVEKIT_SERVER',
      `There is no livekit-server and no Go to build one: ${HOW_TO_GET_ONE}.`,
    );
  }
  try {
    await checkGo(go, env, signal);
    await mkdir(dirname(target), { recursive: true });
    const release = await processLock(`${target}.lock`, {
      clock,
      signal,
      onWait: (pid) => onProgress(`process ${pid} is building livekit-server already; waiting for it`),
    });
    try {
      if (!(await isExecutable(target))) {
        await removeLeftovers(target);
        await build(go, target, { env, onProgress, clock, signal, background: options.background ?? false });
      }
    } finally {
      await release();
    }
  } catch (cause) {
    if (cause instanceof VoiceAgentError && !signal?.aborted) throw cause;
    const why = signal?.aborted ? 'given up' : cause instanceof Error ? cause.message : String(cause);
    throw new VoiceAgentError('VA_LIVEKIT_SERVER', `livekit-server was not built: ${why}.`, {
      cause,
      retryable: true,
    });
  }
  return target;
}

interface BuildContext {
  readonly env: Environment;
  readonly onProgress: (line: string) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly background: boolean;
}

/** Folders of builds that were killed; only called by the holder of the lock. */
async function removeLeftovers(target: string): Promise<void> {
  const prefix = `${basename(target)}.build-`;
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(prefix)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

async function build(go: string, target: string, context: BuildContext): Promise<void> {
  const { env, onProgress, clock, signal, background } = context;
  const folder = await mkdtemp(`${target}.build-`);
  const began = clock.now();
  const everyMs = background ? 15_000 : 1_000;
  let toldAt = Number.NEGATIVE_INFINITY;
  try {
    const result = await goInstall({
      go,
      target: LIVEKIT_SERVER_PACKAGE,
      into: folder,
      env,
      signal,
      background,
      onStep: (step) => {
        const now = clock.now();
        if (now - toldAt < everyMs) return;
        toldAt = now;
        const seconds = Math.round((now - began) / 1000);
        onProgress(`building livekit-server ${LIVEKIT_SERVER_VERSION}: ${step}, ${seconds} s`);
      },
    });
    signal?.throwIfAborted();
    if (!result.ok) throw buildFailed(result.said);
    const built = join(folder, process.platform === 'win32' ? 'server.exe' : 'server');
    await checkProgram(built);
    await rename(built, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function buildFailed(said: string): VoiceAgentError {
  return new VoiceAgentError(
    'VA_LIVEKIT_SERVER',
    `livekit-server ${LIVEKIT_SERVER_VERSION} could not be built. Check the network and the free space on the disk and ` +
      `run \`npm run livekit\` again, or ${HOW_TO_GET_ONE}. Go said:\n${said}`,
    { retryable: true },
  );
}

/** A program that does not even say its version is no use in the cache. */
async function checkProgram(path: string): Promise<void> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { env: {}, timeout: 30_000 });
  if (!stdout.includes(LIVEKIT_SERVER_VERSION.slice(1))) {
    throw new VoiceAgentError(
      'VA_LIVEKIT_SERVER',
      `The livekit-server that was built calls itself "${stdout.trim()}".`,
    );
  }
}
