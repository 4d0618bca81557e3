import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatcher } from '../../src/dispatch/dispatcher.ts';
import { type DispatchStore, openDispatchStore } from '../../src/dispatch/dispatchStore.ts';
import { type HttpServer, startHttpServer } from '../../src/server/httpServer.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { FakeLiveKit, type FakeProcess } from '../support/fakeLiveKit.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redisServer.ts';
import { seededRandom, shuffled } from '../support/seededRandom.ts';
import { signature } from '../support/signedWebhook.ts';

const livekit = {
  url: 'ws://host',
  apiKey: 'devkey',
  apiSecret: 'a-secret-of-more-than-thirty-two-characters',
};
const ROOMS = 100;
const FORGED = 200;
const DELIVERIES = 1_000;

interface OurServer {
  readonly http: HttpServer;
  readonly process: FakeProcess;
  drain(): Promise<void>;
  close(): Promise<void>;
}

describe.skipIf(!hasRedis())('two servers on one Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function boot(world: FakeLiveKit, prefix: string): Promise<OurServer> {
    const store: DispatchStore = await openDispatchStore({ redisUrl: redis.url, prefix, clock, log });
    const process = world.process({ capacity: 80, joinMs: 30 });
    const dispatcher = createDispatcher({
      livekit,
      // Webhooks alone: nothing else may make up for what they miss.
      config: { rooms: { name: undefined, metadata: undefined }, reconcileMs: 3_600_000 },
      store,
      placement: process,
      clock,
      log,
      directory: world,
    });
    const http = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      intake: dispatcher.intake,
      notReady: () => [],
      metrics: createMetrics({ places: () => process.capacity }),
      clock,
    });
    dispatcher.start();
    return {
      http,
      process,
      drain: dispatcher.drain,
      async close() {
        await dispatcher.close();
        await store.close();
        await http.close();
      },
    };
  }

  it(`${DELIVERIES} deliveries, repeated, reordered and forged: exactly one agent in each room`, async () => {
    const random = seededRandom(6);
    const world = new FakeLiveKit(clock);
    const servers = [await boot(world, 'storm'), await boot(world, 'storm')];
    for (let i = 0; i < ROOMS; i++) {
      world.join(`room-${i}`, 'ada');
      world.join(`room-${i}`, 'bob');
    }
    const genuine = world.events.splice(0).map((event) => ({ event, secret: livekit.apiSecret }));
    const repeats = Array.from({ length: DELIVERIES - FORGED - genuine.length }, () => {
      return genuine[Math.floor(random() * genuine.length)] ?? { event: {}, secret: '' };
    });
    const forged = Array.from({ length: FORGED }, (_, i) => ({
      // Half of them of rooms that are there, half of rooms that nobody opened.
      event: {
        event: 'participant_joined',
        id: `EV_forged_${i}`,
        room: { sid: `RM_forged_${i}`, name: i % 2 ? `room-${i}` : `forged-${i}` },
        participant: { sid: 'PA_eve', identity: 'eve' },
      },
      secret: 'not-the-secret-of-more-than-thirty-two-chars',
    }));
    const deliveries = shuffled([...genuine, ...repeats, ...forged], random);
    expect(deliveries).toHaveLength(DELIVERIES);

    const statuses = { genuine: new Set<number>(), forged: new Set<number>() };
    await Promise.all(
      deliveries.map(async ({ event, secret }, i) => {
        const body = JSON.stringify(event);
        const response = await fetch(`${servers[i % 2]?.http.origin}/webhooks/livekit`, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/webhook+json',
            authorization: await signature(body, { ...livekit, apiSecret: secret }),
          },
        });
        await response.text();
        statuses[secret === livekit.apiSecret ? 'genuine' : 'forged'].add(response.status);
      }),
    );
    expect([...statuses.genuine]).toEqual([200]);
    expect([...statuses.forged]).toEqual([401]);

    const agents = () => Array.from({ length: ROOMS }, (_, i) => world.agents(`room-${i}`));
    const one = new Array<number>(ROOMS).fill(1);
    await expect.poll(agents, { timeout: 20_000 }).toEqual(one);
    // A second agent would come late rather than early.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(agents()).toEqual(one);
    expect(world.crowded).toEqual([]);
    expect((await world.rooms()).filter(({ name }) => name.startsWith('forged'))).toEqual([]);
    const joined = servers.flatMap(({ process }) => process.joined);
    expect(joined.toSorted()).toEqual(Array.from({ length: ROOMS }, (_, i) => `room-${i}`).toSorted());
    // Neither could have taken them all.
    expect(servers.map(({ process }) => process.size > 0)).toEqual([true, true]);
    await Promise.all(servers.map((server) => server.close()));
  }, 60_000);

  async function deliver(server: OurServer, events: readonly { readonly id: string }[]): Promise<void> {
    for (const event of events) {
      const body = JSON.stringify({ ...event, id: `${event.id}-${server.http.port}` });
      await fetch(`${server.http.origin}/webhooks/livekit`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/webhook+json',
          authorization: await signature(body, livekit),
        },
      });
    }
  }

  it('a server that joins the others in mid-call leaves their rooms alone', async () => {
    const world = new FakeLiveKit(clock);
    const first = await boot(world, 'restart');
    world.join('den', 'ada');
    const events = world.events.splice(0);
    await deliver(first, events);
    await expect.poll(() => world.agents('den'), { timeout: 10_000 }).toBe(1);
    const second = await boot(world, 'restart');
    await deliver(second, events);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(second.process.joined).toEqual([]);
    // The first one hangs up and goes: its caller has had a call, whoever is asked.
    await first.close();
    await deliver(second, events);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(second.process.joined).toEqual([]);
    expect(world.crowded).toEqual([]);
    await second.close();
  }, 30_000);

  it('what still comes to a server that drains is for the others', async () => {
    const world = new FakeLiveKit(clock);
    const first = await boot(world, 'drain');
    // Until it waits in Redis for a job, which a drain does not cut short.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await first.drain();
    world.join('den', 'ada');
    await deliver(first, world.events.splice(0));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const second = await boot(world, 'drain');
    await expect.poll(() => second.process.joined, { timeout: 10_000 }).toEqual(['den']);
    expect(first.process.joined).toEqual([]);
    await Promise.all([first.close(), second.close()]);
  }, 30_000);
});
