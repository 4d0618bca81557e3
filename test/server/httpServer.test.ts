import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { RoomJob } from '../../src/dispatch/callJob.ts';
import type { JobQueue } from '../../src/dispatch/jobQueue.ts';
import { createProcessMemory } from '../../src/dispatch/processMemory.ts';
import { createWebhookIntake } from '../../src/dispatch/webhookIntake.ts';
import { createToken } from '../../src/room/token.ts';
import { type HttpServer, startHttpServer } from '../../src/server/httpServer.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import type { BucketOptions } from '../../src/server/tokenBuckets.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import type { Clock } from '../../src/time/clock.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { signature, signedWebhook } from '../support/signedWebhook.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const key = { apiKey: 'devkey', apiSecret: 'a-secret-of-more-than-thirty-two-characters' };
const joined = (id = 'EV_1', room = 'den') => ({
  event: 'participant_joined',
  id,
  room: { sid: `RM_${room}`, name: room, metadata: '{"a":1}' },
  participant: { sid: 'PA_1', identity: 'ada' },
});

const open: HttpServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

interface BuildOptions {
  readonly rate?: BucketOptions;
  readonly clock?: Clock;
  readonly roomName?: RegExp;
  readonly notReady?: string[];
}

async function build(options: BuildOptions = {}) {
  const clock = options.clock ?? systemClock;
  const jobs: RoomJob[] = [];
  const queue: Pick<JobQueue, 'add'> = { add: async (job) => void jobs.push(job) };
  const unused = () => Promise.reject(new Error('not used here'));
  const metrics = createMetrics({ places: () => 4 });
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    intake: createWebhookIntake({
      ...key,
      rooms: { name: options.roomName, metadata: undefined },
      queue: { ...queue, held: unused, start: () => {}, drain: unused, close: unused },
      memory: createProcessMemory({ clock }),
      log,
      observer: metrics.dispatch,
    }),
    notReady: () => options.notReady ?? [],
    metrics,
    clock,
    ...(options.rate ? { rate: options.rate } : {}),
  });
  open.push(server);
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}/webhooks/livekit`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/webhook+json', ...headers },
    });
  const deliver = async (event: object) => {
    const { body, authorization } = await signedWebhook(event, key);
    return post(body, { authorization });
  };
  return { server, jobs, post, deliver };
}

describe('the webhook endpoint', () => {
  it('takes a signed delivery and makes a job of it', async () => {
    const { deliver, jobs } = await build();
    expect((await deliver(joined())).status).toBe(200);
    expect(jobs).toEqual([
      {
        room: 'den',
        roomSid: 'RM_den',
        metadata: '{"a":1}',
        source: 'webhook',
        requestedAt: expect.any(Number),
      },
    ]);
  });

  it('answers 401 to everything that is not signed with our secret, and does nothing', async () => {
    const { post, jobs } = await build();
    const body = JSON.stringify(joined());
    const other = { ...key, apiSecret: 'another-secret-of-more-than-thirty-two-chars' };
    const forged: Array<[string, string, Record<string, string>]> = [
      ['no signature', body, {}],
      ['an empty one', body, { authorization: '' }],
      ['no token', body, { authorization: 'Bearer nonsense' }],
      ['another secret', body, { authorization: await signature(body, other) }],
      ['another key', body, { authorization: await signature(body, { ...key, apiKey: 'other' }) }],
      ['a changed body', body.replace('den', 'vault'), { authorization: await signature(body, key) }],
      ['one more space', `${body} `, { authorization: await signature(body, key) }],
      ['an expired one', body, { authorization: await signature(body, { ...key, ttl: -120 }) }],
      // Everybody who may join a room has one.
      [
        'a token for joining',
        body,
        { authorization: await createToken({ ...key, room: 'den', identity: 'eve', kind: 'person' }) },
      ],
      [
        'an unsigned token',
        body,
        { authorization: `${btoa('{"alg":"none"}')}.${btoa('{"iss":"devkey"}')}.` },
      ],
    ];
    for (const [what, sent, headers] of forged) {
      expect((await post(sent, headers)).status, what).toBe(401);
    }
    expect(jobs).toEqual([]);
  });

  it('verifies the bytes as they came, whatever the spacing and the letters', async () => {
    const { post, jobs } = await build();
    const body = `${JSON.stringify(joined('EV_1', 'Küche ☕'), null, 3)}\r\n`;
    expect((await post(body, { authorization: await signature(body, key) })).status).toBe(200);
    expect(jobs.map(({ room }) => room)).toEqual(['Küche ☕']);
  });

  it('drops an event that it has had', async () => {
    const { deliver, jobs } = await build();
    for (let i = 0; i < 3; i++) expect((await deliver(joined())).status).toBe(200);
    await deliver(joined('EV_2'));
    expect(jobs).toHaveLength(2);
  });

  it.each([
    ['an agent that joins', { ...joined(), participant: { sid: 'PA', identity: 'bot', kind: 'AGENT' } }, 0],
    ['a recorder', { ...joined(), participant: { sid: 'PA', identity: 'rec', kind: 'EGRESS' } }, 0],
    ['an ingress', { ...joined(), participant: { sid: 'PA', identity: 'in', kind: 'INGRESS' } }, 0],
    ['a telephone', { ...joined(), participant: { sid: 'PA', identity: '+44', kind: 'SIP' } }, 1],
    ['a room that opens', { event: 'room_started', id: 'EV', room: { sid: 'RM', name: 'den' } }, 1],
    ['a room that closes', { event: 'room_finished', id: 'EV', room: { sid: 'RM', name: 'den' } }, 0],
    ['a person who leaves', { ...joined(), event: 'participant_left' }, 0],
    [
      'an agent that leaves people behind',
      { ...joined(), event: 'participant_left', participant: { sid: 'PA', identity: 'bot', kind: 'AGENT' } },
      1,
    ],
    ['a track', { event: 'track_published', id: 'EV', room: { sid: 'RM', name: 'den' } }, 0],
    ['an event of the future', { event: 'room_dreamt', id: 'EV', room: { sid: 'RM', name: 'den' }, x: 1 }, 0],
    ['no room', { event: 'participant_joined', id: 'EV' }, 0],
    ['another kind of event', { event: 'egress_started', id: 'EV', egressInfo: { egressId: 'EG' } }, 0],
  ])('%s: %#', async (_what, event, count) => {
    const { deliver, jobs } = await build();
    expect((await deliver(event)).status).toBe(200);
    expect(jobs).toHaveLength(count);
  });

  it('leaves rooms alone that are not ours', async () => {
    const { deliver, jobs } = await build({ roomName: /^support-.*$/ });
    expect((await deliver(joined('EV_1', 'den'))).status).toBe(200);
    expect((await deliver(joined('EV_2', 'support-1'))).status).toBe(200);
    expect(jobs.map(({ room }) => room)).toEqual(['support-1']);
  });

  it('refuses what is too large, of another type, signed but unreadable, or not posted', async () => {
    const { post, server, jobs } = await build();
    const large = 'x'.repeat(600 * 1024);
    expect((await post(large, { authorization: await signature(large, key) })).status).toBe(413);
    const { body, authorization } = await signedWebhook(joined(), key);
    const strange = { ...joined(), room: { sid: 7, name: { a: 1 } } };
    const unreadable = await signedWebhook(strange, key);
    expect((await post(unreadable.body, { authorization: unreadable.authorization })).status).toBe(400);
    expect((await post('{', { authorization: await signature('{', key) })).status).toBe(400);
    expect((await fetch(`${server.origin}/webhooks/livekit`)).status).toBe(404);
    expect(jobs).toEqual([]);
    expect((await post(body, { authorization, 'content-type': 'text/plain' })).status).toBe(415);
    expect(jobs).toEqual([]);
  });

  it('slows down a sender that floods it, and lets it in again later', async () => {
    const clock = new VirtualClock();
    const { deliver, post } = await build({ rate: { burst: 5, perSecond: 20 }, clock });
    const flood = await Promise.all(Array.from({ length: 40 }, () => post('{}', { authorization: 'x' })));
    const limited = flood.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(35);
    expect(limited[0]?.headers.get('retry-after')).toBe('1');
    expect((await deliver(joined())).status).toBe(429);
    await clock.advance(50);
    expect((await deliver(joined())).status).toBe(200);
  });
});

describe('the other paths', () => {
  it('/healthz and /readyz tell that it lives and whether it takes calls', async () => {
    const notReady: string[] = [];
    const { server } = await build({ notReady });
    expect(await (await fetch(`${server.origin}/healthz`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    notReady.push('draining');
    const answer = await fetch(`${server.origin}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, reasons: ['draining'] });
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
  });

  it('/metrics counts deliveries by what became of them', async () => {
    const { server, deliver, post } = await build();
    await deliver(joined());
    await deliver(joined());
    await post('{}', { authorization: 'x' });
    const answer = await fetch(`${server.origin}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toContain('voice_agent_webhook_deliveries_total{outcome="accepted"} 1');
    expect(text).toContain('voice_agent_webhook_deliveries_total{outcome="duplicate"} 1');
    expect(text).toContain('voice_agent_webhook_deliveries_total{outcome="forged"} 1');
    expect(text).toContain('voice_agent_load 0');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('names PORT when another program has the port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const starting = startHttpServer({
      host: '127.0.0.1',
      port,
      notReady: () => [],
      metrics: createMetrics({ places: () => 1 }),
      clock: systemClock,
    });
    await expect(starting).rejects.toMatchObject({
      code: 'VA_SERVER',
      message: expect.stringContaining('PORT'),
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
