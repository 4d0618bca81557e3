import { resolve } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { VoiceAgentError } from '../errors.ts';
import { cachePath } from './cachePath.ts';
import { findProgram } from './findProgram.ts';
import { isExecutable } from './isExecutable.ts';

/**
 * A livekit-server on this machine: `LIVEKIT_SERVER_BIN`, else the one in `PATH`, else the one in our cache.
 * Rejects with `VA_LIVEKIT_SERVER` when `LIVEKIT_SERVER_BIN` names something that cannot be run.
 */
export async function findLiveKitServer(env: Environment): Promise<string | undefined> {
  const named = env.LIVEKIT_SERVER_BIN?.trim();
  if (named) {
    const path = resolve(named);
    if (await isExecutable(path)) return path;
    throw new VoiceAgentError(
      'VA_LIVEKIT_SERVER',
      `LIVEKIT_SERVER_BIN is ${named}, which is not a program that can be run: correct the path, or leave it out.`,
    );
  }
  const inPath = await findProgram('livekit-server', env);
  if (inPath) return inPath;
  const cached = cachePath(env);
  return (await isExecutable(cached)) ? cached : undefined;
}
