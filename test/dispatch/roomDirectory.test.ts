import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoomWatcher } from '../../src/dispatch/roomWatcher.ts';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import { createRoomDirectory } from '../../src/room/roomDirectory.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';
import { waitUntil } from '../support/waitUntil.ts';

describe('the room directory without a server', () => {
  it('names LIVEKIT_URL', async () => {
    const directory = createRoomDirectory({
      url: 'ws://127.0.0.1:9',
      apiKey: 'k',
      apiSecret: 's'.repeat(32),
    });
    const error = await directory.list().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'VA_ROOM_UNREACHABLE', retryable: true });
    expect(String(error)).toMatch(/LIVEKIT_URL/);
  });
});

const binary = findTestServer();

describe.skipIf(binary === undefined)('the room directory of a LiveKit server', () => {
  let server: TestLiveKitServer;
  beforeAll(async () => {
    if (binary !== undefined) server = await startTestServer(binary);
  });
  afterAll(async () => {
    await server.stop();
    await disposeRtc();
  });

  async function join(room: string, identity: string, kind: 'agent' | 'person') {
    const token = await createToken({ ...server, room, identity, kind });
    return joinLiveKitRoom({ url: server.url, token, log });
  }

  it('names the key settings when they are wrong', async () => {
    const directory = createRoomDirectory({ ...server, apiSecret: 'x'.repeat(40) });
    const error = await directory.list().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'VA_ROOM_AUTH' });
    expect(String(error)).toMatch(/LIVEKIT_API_KEY and LIVEKIT_API_SECRET/);
  });

  it('lists who is where, with their kinds', async () => {
    const members = await Promise.all([
      join('den', 'ada', 'person'),
      join('den', 'agent-1', 'agent'),
      join('attic', 'bob', 'person'),
    ]);
    const rooms = await createRoomDirectory(server).list();
    const found = rooms.map(({ name, sid, participants }) => ({
      name,
      sid: sid.slice(0, 3),
      who: participants.map(({ identity, kind }) => `${identity} ${kind}`).toSorted(),
    }));
    expect(found.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'attic', sid: 'RM_', who: ['bob person'] },
      { name: 'den', sid: 'RM_', who: ['ada person', 'agent-1 agent'] },
    ]);
    await Promise.all(members.map((member) => member.leave()));
  });

  it('gives a room that somebody opens its agent, once', async () => {
    const offered: string[] = [];
    const watcher = createRoomWatcher({
      livekit: server,
      intervalMs: 50,
      clock: systemClock,
      log,
      onRoom: async ({ name }) => {
        offered.push(name);
        const agent = await join(name, `agent-${name}`, 'agent');
        await new Promise<void>((resolve) => {
          agent.on('participantLeft', () => resolve());
          agent.on('closed', () => resolve());
        });
        await agent.leave();
      },
    });
    const caller = await join('hall', 'ada', 'person');
    const met: string[] = [];
    caller.on('participantJoined', ({ identity, kind }) => met.push(`${identity} ${kind}`));
    await waitUntil('the agent comes', () => met.length > 0);
    expect(met).toEqual(['agent-hall agent']);
    await caller.leave();
    await watcher.stop();
    expect(offered.filter((name) => name === 'hall')).toEqual(['hall']);
  });
});
