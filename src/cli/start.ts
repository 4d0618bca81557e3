import { once } from 'node:events';
import type { Config, LiveKitConfig } from '../config/config.ts';
import { createRoomWatcher } from '../dispatch/roomWatcher.ts';
import { disposeRtc } from '../room/disposeRtc.ts';
import { Calls } from './calls.ts';
import { howToJoin } from './howToJoin.ts';
import { type OpenVenue, openVenue } from './openVenue.ts';
import { type AgentProcess, startProcess } from './process.ts';
import { runDemoCall } from './runDemoCall.ts';
import { stopSignal } from './stopSignal.ts';
import { waitForServer } from './waitForServer.ts';

export interface StartOptions {
  /** Ends after the demo call. */
  readonly once: boolean;
  /** Whether nothing being configured means a demo call first. */
  readonly demo: boolean;
  /** The configured LiveKit server is one that `dev` started: nobody else knows its secret. */
  readonly ownServer: boolean;
}

/**
 * `voice-agent start`: answers whoever joins a room of the LiveKit server. Where nothing is configured it shows itself
 * first, in a demo call.
 */
export async function start(options: StartOptions): Promise<void> {
  const stop = stopSignal();
  const running = await startProcess('start');
  let open = await openVenue(running.config, running);
  try {
    const demo = options.once || (options.demo && isEmbedded(running.config));
    if (demo) await runDemoCall(running, open.venue, stop);
    if (options.once || stop.aborted) return;
    if (!open.livekit) {
      await waitForServer(running, stop);
      if (stop.aborted) return;
      open = await openVenue(running.config, running);
    }
    if (open.livekit) {
      const configured = running.config.livekit !== undefined && !options.ownServer;
      await answerRooms(running, open, { livekit: open.livekit, configured }, stop);
    }
  } finally {
    await open.close();
    await running.close();
    await disposeRtc();
  }
}

/** Nothing is configured: everything runs in here. */
function isEmbedded({ livekit, offline }: Config): boolean {
  return livekit === undefined && offline.claude && offline.elevenLabs && offline.doubleword;
}

/** A development server on this machine: whoever runs it wants to get in. */
function isLocal({ url }: LiveKitConfig): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

async function answerRooms(
  running: AgentProcess,
  { venue }: OpenVenue,
  { livekit, configured }: { livekit: LiveKitConfig; configured: boolean },
  stop: AbortSignal,
): Promise<void> {
  const { agent, clock, log } = running;
  // A wrong key is said now; the agent stays up, because it may be only one vendor's bad hour.
  agent.check(stop).catch((error: unknown) => {
    if (!stop.aborted) log.error('a vendor does not answer as it should', { error });
  });
  const calls = new Calls(running, venue);
  const watcher = createRoomWatcher({
    livekit,
    clock,
    log,
    onRoom: async ({ name }) => {
      await calls.hold(name, stop);
    },
  });
  log.info(`waiting for people in the rooms of ${venue.description}`);
  if (isLocal(livekit)) process.stdout.write(`\n${await howToJoin(livekit, 'my-room', configured)}\n\n`);
  if (!stop.aborted) await once(stop, 'abort');
  log.info('stopping: running calls are ended');
  await watcher.stop();
  await calls.hangUpAll();
}
