import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { readEnvironment } from '../../src/config/environment.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { freeTcpPort } from '../../src/livekit-server/freePort.ts';
import { type LiveKitServer, startLiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { createToken } from '../../src/room/token.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { startRedis } from '../../test/support/redisServer.ts';
import { BareCalls } from './bareCalls.ts';
import { type Callers, startCallers } from './callers.ts';
import { Deliveries } from './deliveries.ts';
import { type Journey, report } from './report.ts';
import { agentDispatch, type Way, type WayOptions, webhooks } from './ways.ts';

const ABOUT = `
A caller opens a room on a real livekit-server; its webhook comes to our HTTP server, is verified, queued, checked against
LiveKit's room list, and the agent joins and publishes. One room at a time, caller in a process of its own, everything on
this machine. No vendors: a call publishes before it needs any. Warm: the process has joined a room before.
`;

const NO_SERVER = 'No livekit-server here. Run `npm run livekit` (needs Go), or set LIVEKIT_SERVER_BIN.';
const PAUSE_MS = 250;

/** Measures and prints; resolves with whether everything that was to be measured was. */
export async function dispatch({ rooms }: { rooms: number }): Promise<boolean> {
  print(ABOUT);
  print(`${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`);
  const bin = await findLiveKitServer(readEnvironment());
  if (bin === undefined) {
    print(NO_SERVER);
    return false;
  }
  const deliveries = new Deliveries();
  const port = await freeTcpPort(0);
  await deliveries.listen(port);
  const log = createLogger({ level: 'error', destination: process.stderr });
  const server = await startLiveKitServer({
    bin,
    log,
    webhookUrls: [`http://127.0.0.1:${port}/webhooks/livekit`],
  });
  const callers = await startCallers();
  const redis = hasRedis() ? await startRedis() : undefined;
  try {
    const options: WayOptions = { server, deliveries, calls: new BareCalls(server) };
    const ways: Array<readonly [string, () => Promise<Way>]> = [
      ['webhooks, queue in this process', () => webhooks(options)],
      ...(redis ? [['webhooks, queue in Redis', () => webhooks(options, redis.url)] as const] : []),
      ["LiveKit's agent dispatch (--dispatch worker)", () => agentDispatch(options)],
    ];
    if (!redis) print('The queue in Redis is left out: no redis-server here.');
    let complete = true;
    for (const [name, open] of ways) {
      const before = loadavg()[0] ?? 0;
      const journeys = await measure(await open(), name, { ...options, callers, rooms });
      print(report(name, journeys));
      print(`  load of the machine ${before.toFixed(1)} → ${(loadavg()[0] ?? 0).toFixed(1)}`);
      complete &&= journeys.length === rooms;
    }
    return complete;
  } finally {
    await callers.close();
    await redis?.stop();
    await disposeRtc();
    await server.stop();
    await deliveries.close();
  }
}

async function measure(
  way: Way,
  name: string,
  options: WayOptions & { readonly callers: Callers; readonly rooms: number },
): Promise<Journey[]> {
  const journeys: Journey[] = [];
  try {
    // The first one warms up and does not count.
    for (let i = 0; i <= options.rooms; i++) {
      const journey = await oneCall(`${name.replace(/\W+/g, '-')}-${i}`, options);
      if (i > 0) journeys.push(journey);
      await options.callers.hangUp();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } catch (error) {
    print(`  ${name}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await way.close();
  }
  return journeys;
}

async function oneCall(
  room: string,
  {
    server,
    calls,
    callers,
    deliveries,
  }: WayOptions & { readonly server: LiveKitServer; readonly callers: Callers },
): Promise<Journey> {
  const token = await createToken({ ...server, room, identity: 'caller', kind: 'person' });
  const { connectingAt, metAt } = await callers.call(server.url, token);
  const publishedAt = await calls.published(room);
  const since = (event: string) => {
    const at = deliveries.at.get(`${event} ${room}`);
    return at === undefined ? undefined : publishedAt - at;
  };
  return {
    fromRoomStarted: since('room_started'),
    fromParticipantJoined: since('participant_joined'),
    fromConnect: publishedAt - connectingAt,
    untilMet: metAt - connectingAt,
  };
}

function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
