import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { LIVEKIT_SERVER_VERSION } from './version.ts';

/** Where the built server is kept, by the XDG rules (a relative `XDG_CACHE_HOME` does not count). */
export function cachePath(env: Environment): string {
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return join(base, 'voice-agent', `livekit-server-${LIVEKIT_SERVER_VERSION}${suffix}`);
}
