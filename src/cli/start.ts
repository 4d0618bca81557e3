import { once } from 'node:events';
import type { Config, LiveKitConfig } from '../config/config.ts';
import { isLoopback } from '../config/isLoopback.ts';
import { disposeRtc } from '../room/disposeRtc.ts';
import { type AnswerOptions, answerRooms } from './answerRooms.ts';
import { openFleet } from './fleet.ts';
import { howToJoin } from './howToJoin.ts';
import { type OpenVenue, openVenue } from './openVenue.ts';
import { type AgentProcess, startProcess } from './process.ts';
import { type ReloadParent, reloadParent } from './reload.ts';
import { runDemoCall } from './runDemoCall.ts';
import { stopSignal, wasInterrupted } from './stopSignal.ts';
import { waitForServer } from './waitForServer.ts';

export interface StartOptions extends AnswerOptions {
  /** Ends after the demo call. */
  readonly once: boolean;
  /** Whether nothing being configured means a demo call first. */
  readonly demo: boolean;
  /** Processes that hold the calls; default: as configured. */
  readonly workers?: number;
  /** The configured LiveKit server is one that `dev` started: nobody else knows its secret. */
  readonly ownServer: boolean;
  /** No stand-ins: what is not configured is an error. */
  readonly requireKeys: boolean;
  /** Modules with tools of the user's own; default: `TOOLS`. */
  readonly tools?: readonly string[];
  /** `dev` runs this: it takes over the calls of the one before, and hands its own to the next. */
  readonly handover: boolean;
}

/**
 * `voice-agent start`: answers whoever joins a room of the LiveKit server. Where nothing is configured it shows itself
 * first, in a demo call.
 */
export async function start(options: StartOptions): Promise<void> {
  const stop = stopSignal();
  const parent = options.handover ? reloadParent() : undefined;
  const { workers, tools, requireKeys } = options;
  const running = await startProcess('start', {
    tools,
    requireKeys,
    ...(workers === undefined ? {} : { workers }),
  });
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
      await serve(running, open, { livekit: open.livekit, configured, parent, answering: options }, stop);
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

interface Serving {
  readonly livekit: LiveKitConfig;
  readonly configured: boolean;
  readonly parent: ReloadParent | undefined;
  readonly answering: AnswerOptions;
}

async function serve(
  running: AgentProcess,
  open: OpenVenue,
  { livekit, configured, parent, answering }: Serving,
  stop: AbortSignal,
): Promise<void> {
  const { agent, config, log } = running;
  // A wrong key is said now; the agent stays up, because it may be only one vendor's bad hour.
  agent.check(stop).catch((error: unknown) => {
    if (!stop.aborted) log.error('a vendor does not answer as it should', { error });
  });
  const left = (await parent?.begin()) ?? new Map();
  const fleet = openFleet(running, open, left);
  await fleet.ready(stop);
  const dispatch = await answerRooms(running, livekit, fleet, answering);
  const restart = () => void fleet.restart(config.calls.drainMs);
  process.on('SIGHUP', restart);
  log.info(`waiting for people in the rooms of ${open.venue.description}`);
  // Whoever runs a development server wants to get in. In production nobody reads it, and a token in its logs is a key
  // under the mat.
  if ((isLoopback(livekit.url) || process.stdout.isTTY) && left.size === 0) {
    process.stdout.write(`\n${await howToJoin(livekit, 'my-room', configured)}\n\n`);
  }
  const over = AbortSignal.any([stop, ...(parent ? [parent.handOver] : [])]);
  if (!over.aborted) await once(over, 'abort');
  process.off('SIGHUP', restart);
  // Nobody sends us rooms any more before the first call is told to end.
  await dispatch.drain();
  if (!stop.aborted && parent) {
    await parent.handedOver(await fleet.handOver());
  } else if (wasInterrupted()) {
    log.info('stopping: running calls are ended');
    await fleet.hangUp();
  } else {
    log.info('stopping: no new calls; running ones may go on for a while', { drainMs: config.calls.drainMs });
    await fleet.drain(config.calls.drainMs);
  }
  await dispatch.close();
}
