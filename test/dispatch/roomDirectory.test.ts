import { ParticipantInfo_Kind } from '@livekit/protocol';
import { ParticipantKind } from '@livekit/rtc-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import { participantKind } from '../../src/room/participantKind.ts';
import { createRoomDirectory, kindOf } from '../../src/room/roomDirectory.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';

describe('the room directory without a server', () => {
  it('names LIVEKIT_URL', async () => {
    const directory = createRoomDirectory({
      url: 'ws://127.0.0.1:9',
      apiKey: 'k',
      apiSecret: 's'.repeat(32),
    });
    const error = await directory.rooms().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'VA_ROOM_UNREACHABLE', retryable: true });
    expect(String(error)).toMatch(/LIVEKIT_URL/);
  });
});

it("LiveKit's API and rtc-node, which number the kinds differently, tell the same of each", () => {
  const names = Object.keys(ParticipantInfo_Kind).filter((name): name is keyof typeof ParticipantInfo_Kind =>
    Number.isNaN(Number(name)),
  );
  const inTheApi = names.map((name) => [name, kindOf(ParticipantInfo_Kind[name])]);
  const inTheRoom = names.map((name) => [name, participantKind(ParticipantKind[name])]);
  expect(inTheApi).toEqual(inTheRoom);
});

const binary = await findTestServer();

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
    const error = await directory.look('den').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'VA_ROOM_AUTH' });
    expect(String(error)).toMatch(/LIVEKIT_API_KEY and LIVEKIT_API_SECRET/);
  });

  it('lists who is where, with their kinds', async () => {
    const members = await Promise.all([
      join('den', 'ada', 'person'),
      join('den', 'agent-1', 'agent'),
      join('attic', 'bob', 'person'),
    ]);
    const directory = createRoomDirectory(server);
    const rooms = await directory.participants(await directory.rooms());
    const found = rooms.map(({ name, sid, participants }) => ({
      name,
      sid: sid.slice(0, 3),
      who: participants.map(({ identity, kind, active }) => `${identity} ${kind} ${active}`).toSorted(),
    }));
    expect(found.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'attic', sid: 'RM_', who: ['bob person true'] },
      { name: 'den', sid: 'RM_', who: ['ada person true', 'agent-1 agent true'] },
    ]);
    const den = await directory.look('den');
    expect(den?.participants.map(({ identity }) => identity).toSorted()).toEqual(['ada', 'agent-1']);
    expect(den?.sid).toBe(rooms.find(({ name }) => name === 'den')?.sid);
    expect(await directory.look('cellar')).toBeUndefined();
    await Promise.all(members.map((member) => member.leave()));
  });

  it('removes a participant, and does not mind when it is gone already', async () => {
    const directory = createRoomDirectory(server);
    const agent = await join('loft', 'agent-1', 'agent');
    const closed = new Promise<string>((resolve) => agent.on('closed', resolve));
    await directory.remove('loft', 'agent-1');
    expect(await closed).toBe('the agent was removed from the room');
    await directory.remove('loft', 'agent-1');
    await directory.remove('cellar', 'nobody');
    await agent.leave();
  });
});
