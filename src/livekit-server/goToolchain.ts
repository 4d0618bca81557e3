import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '../config/environment.ts';
import { withoutSecrets } from '../config/withoutSecrets.ts';
import { VoiceAgentError } from '../errors.ts';
import { GO_VERSION, HOW_TO_GET_ONE, LIVEKIT_SERVER_VERSION } from './version.ts';

/** Rejects with `VA_LIVEKIT_SERVER` when this Go is too old and may not fetch a newer one by itself. */
export async function checkGo(go: string, env: Environment, signal?: AbortSignal): Promise<void> {
  const [version = '', toolchain = ''] = await goEnv(go, env, signal);
  const [major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  if (major > GO_VERSION[0] || (major === GO_VERSION[0] && minor >= GO_VERSION[1])) return;
  // Since 1.21 the go command downloads the toolchain that a module asks for, unless it is told not to.
  if (major === 1 && minor >= 21 && /auto/.test(toolchain)) return;
  throw new VoiceAgentError(
    'VA_LIVEKIT_SERVER',
    `${version || 'This Go'} (${go}) is too old to build livekit-server ${LIVEKIT_SERVER_VERSION}: ${HOW_TO_GET_ONE}.`,
  );
}

async function goEnv(
  go: string,
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)(go, ['env', 'GOVERSION', 'GOTOOLCHAIN'], {
      env: withoutSecrets(env),
      ...(signal ? { signal } : {}),
    });
    return stdout.split('\n').map((line) => line.trim());
  } catch (cause) {
    throw new VoiceAgentError('VA_LIVEKIT_SERVER', `${go} does not run: ${HOW_TO_GET_ONE}.`, { cause });
  }
}
