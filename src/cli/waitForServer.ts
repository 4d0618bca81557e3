import { buildLiveKitServer } from '../livekit-server/buildLiveKitServer.ts';
import { findLiveKitServer } from '../livekit-server/findLiveKitServer.ts';
import { sleep } from '../time/sleep.ts';
import type { AgentProcess } from './process.ts';

const LOOK_MS = 3_000;

/**
 * There is no LiveKit server: builds one where Go is installed, and otherwise says how to get one. Resolves when there is
 * one, or when `stop` aborts.
 */
export async function waitForServer({ env, clock, log }: AgentProcess, stop: AbortSignal): Promise<void> {
  try {
    await buildLiveKitServer({ env, background: true, onProgress: (line) => log.info(line), signal: stop });
  } catch (error) {
    if (stop.aborted) return;
    log.warn(error instanceof Error ? error.message : String(error));
    log.info('rooms can be opened as soon as a livekit-server is installed; it is found without a restart');
  }
  while (!stop.aborted && (await findLiveKitServer(env)) === undefined) await sleep(clock, LOOK_MS, stop);
}
