import type { Config, LiveKitConfig } from '../config/config.ts';
import { childEnvironment } from '../config/environment.ts';
import type { CallPlacement } from '../dispatch/callPlacement.ts';
import { forkWorker } from '../dispatch/forkWorker.ts';
import { Supervisor, type WorkerReport } from '../dispatch/supervisor.ts';
import { createRoomDirectory } from '../room/roomDirectory.ts';
import type { Logger } from '../telemetry/log.ts';
import { Calls } from './calls.ts';
import type { OpenVenue } from './openVenue.ts';
import { ownProgram } from './ownProgram.ts';
import type { AgentProcess } from './process.ts';
import type { LeftCalls } from './reload.ts';
import { STAND_IN_KEY } from './standIns.ts';
import { stopSignal } from './stopSignal.ts';

/** Where the calls of `start` run: in this process, or in workers of it. */
export interface Fleet {
  readonly placement: CallPlacement;
  /** Whether a new call could begin now. */
  isReady(): boolean;
  /** For calls as things stand, the taken ones included. */
  places(): number;
  /** Resolves when calls may begin, or `signal` aborts. */
  ready(signal: AbortSignal): Promise<void>;
  workers(): readonly WorkerReport[];
  /** No new calls; running ones go on for up to `limitMs`, then say goodbye. */
  drain(limitMs: number): Promise<void>;
  /** Ends every call now. */
  hangUp(): Promise<void>;
  /** Leaves every room without a word; another process goes on with the calls. */
  handOver(): Promise<LeftCalls>;
  /** New processes for the old ones, without dropping a call; where there are none, that is said. */
  restart(drainMs: number): Promise<void>;
}

export function openFleet(running: AgentProcess, open: OpenVenue, left: LeftCalls): Fleet {
  const { config } = running;
  if (config.calls.workers === 0 || !open.livekit)
    return inThisProcess(new Calls(running, open.venue, left), running.log);
  return inWorkers(running, open.livekit);
}

function inThisProcess(calls: Calls, log: Logger): Fleet {
  let isOpen = true;
  const close = <T>(end: Promise<T>): Promise<T> => {
    isOpen = false;
    return end;
  };
  return {
    placement: calls,
    isReady: () => isOpen && calls.size < calls.capacity,
    places: () => calls.capacity,
    ready: async () => {},
    workers: () => [],
    drain: (limitMs) => close(calls.drain(limitMs)),
    hangUp: () => close(calls.hangUpAll()),
    handOver: () => close(calls.handOverAll()),
    async restart() {
      log.warn(
        'SIGHUP replaces worker processes, and there are none: set WORKERS, or stop and start the program',
      );
    },
  };
}

function inWorkers(running: AgentProcess, livekit: LiveKitConfig): Fleet {
  const { config, clock, log } = running;
  const directory = createRoomDirectory(livekit);
  const program = ownProgram();
  const env = childEnvironment(workerSettings(config, livekit));
  const supervisor = new Supervisor({
    workers: config.calls.workers,
    perWorker: config.calls.perWorker,
    memoryMb: config.calls.workerMemoryMb,
    spawn: () => forkWorker({ ...program, args: ['worker'], env }),
    clock,
    log,
    onGhost(room, identity) {
      directory.remove(room, identity).catch((error: unknown) => {
        log.warn('an agent whose process is gone could not be removed; LiveKit does so itself', {
          room,
          error,
        });
      });
    },
  });
  // A second Ctrl-C or SIGTERM ends everything at once; should we ourselves crash, running calls go on to their end.
  const stop = stopSignal();
  process.once('exit', () => {
    if (stop.aborted) supervisor.kill();
  });
  return {
    placement: supervisor,
    isReady: () => supervisor.isReady,
    places: () => supervisor.places,
    ready: (signal) => supervisor.ready(signal),
    workers: () => supervisor.workers,
    drain: (limitMs) => supervisor.drain(limitMs),
    hangUp: () => supervisor.hangUpAll(),
    async handOver() {
      await supervisor.hangUpAll();
      return new Map();
    },
    restart: (drainMs) => supervisor.restart(drainMs),
  };
}

/** What a worker is to use, whatever its `.env` says: our LiveKit server, and our stand-ins. */
function workerSettings(config: Config, livekit: LiveKitConfig): Record<string, string> {
  const { claude, elevenLabs, doubleword, offline } = config;
  const settings: Record<string, string> = {
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
    TOOLS: config.agent.toolFiles.join(','),
  };
  const standIn = (isOne: boolean, vendor: string, url: string) => {
    if (!isOne) return;
    settings[`${vendor}_API_KEY`] = STAND_IN_KEY;
    settings[`${vendor}_BASE_URL`] = url;
  };
  standIn(offline.claude, 'ANTHROPIC', claude.baseUrl);
  standIn(offline.elevenLabs, 'ELEVENLABS', elevenLabs.baseUrl);
  standIn(offline.doubleword, 'DOUBLEWORD', doubleword.baseUrl);
  return settings;
}
