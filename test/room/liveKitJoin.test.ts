import { createServer, type Server } from 'node:net';
import { RoomServiceClient, TwirpError } from 'livekit-server-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import type { Room } from '../../src/room/room.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { startFlakyProxy } from '../support/flakyProxy.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';
import { waitUntil } from '../support/waitUntil.ts';

const KEYS = { apiKey: 'testkey', apiSecret: 'test-secret-of-more-than-thirty-two-characters' };

afterAll(() => disposeRtc());

describe('joining where there is no LiveKit', () => {
  it('names LIVEKIT_URL when nobody listens', async () => {
    const token = await createToken({ ...KEYS, room: 'r', identity: 'a', kind: 'agent' });
    const error = await joinLiveKitRoom({ url: 'ws://127.0.0.1:9', token, log }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'VA_ROOM_UNREACHABLE', retryable: true });
    expect(String(error)).toMatch(/LIVEKIT_URL/);
    expect(String(error)).not.toContain(token);
  });

  it('gives up at once when told to, though the server never answers', async () => {
    const silent: Server = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const abort = new AbortController();
    const token = await createToken({ ...KEYS, room: 'r', identity: 'a', kind: 'agent' });
    const joining = joinLiveKitRoom({ url: `ws://127.0.0.1:${port}`, token, log, signal: abort.signal });
    const start = performance.now();
    abort.abort(new Error('the user pressed Ctrl-C'));
    await expect(joining).rejects.toThrow('Ctrl-C');
    expect(performance.now() - start).toBeLessThan(5_000);
    silent.close();
  });
});

const binary = await findTestServer();

describe.skipIf(binary === undefined)('joining a real LiveKit server', () => {
  let server: TestLiveKitServer;
  const joined: Room[] = [];
  beforeAll(async () => {
    if (binary !== undefined) server = await startTestServer(binary);
  });
  afterEach(async () => {
    await Promise.all(joined.splice(0).map((room) => room.leave()));
  });
  afterAll(() => server.stop());

  async function join(room: string, identity: string, kind: 'agent' | 'person', url = server.url) {
    const token = await createToken({ ...server, room, identity, kind });
    const member = await joinLiveKitRoom({ url, token, log });
    joined.push(member);
    return member;
  }

  it.each([
    ['secret', { apiSecret: 'another-secret-of-more-than-thirty-two-characters' }],
    ['key', { apiKey: 'unknown' }],
  ])('names the key settings when the %s is wrong', async (_what, wrong) => {
    const token = await createToken({ ...server, ...wrong, room: 'r', identity: 'a', kind: 'agent' });
    const error = await joinLiveKitRoom({ url: server.url, token, log }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'VA_ROOM_AUTH', retryable: false });
    expect(String(error)).toMatch(/LIVEKIT_API_KEY and LIVEKIT_API_SECRET/);
    expect(String(error)).not.toContain(token);
  });

  it('leaves nobody in the room when the join was aborted', async () => {
    const abort = new AbortController();
    const token = await createToken({ ...server, room: 'aborted', identity: 'a', kind: 'person' });
    const joining = joinLiveKitRoom({ url: server.url, token, log, signal: abort.signal });
    setImmediate(() => abort.abort(new Error('never mind')));
    await expect(joining).rejects.toThrow('never mind');
    const rooms = new RoomServiceClient(server.url, server.apiKey, server.apiSecret);
    const nobodyWhereNoRoomIs = (error: unknown) => {
      if (error instanceof TwirpError && error.code === 'not_found') return [];
      throw error;
    };
    let empty = 0;
    const emptyLooks = async () => {
      const there = await rooms.listParticipants('aborted').catch(nobodyWhereNoRoomIs);
      empty = there.length === 0 ? empty + 1 : 0;
      return empty;
    };
    // Whoever is on the way there is not seen yet at the first look.
    await expect.poll(emptyLooks, { interval: 100 }).toBeGreaterThanOrEqual(20);
  });

  it('leaves no listener behind on rtc-node’s shared client when the server ends the room', async () => {
    const listeners = () => globalThis._ffiClientInstance?.listenerCount('ffi_event') ?? 0;
    await waitUntil('the rooms before have let go', () => listeners() === 0, 15_000);
    const agent = await join('deleted', 'agent-1', 'agent');
    let closed = false;
    agent.on('closed', () => {
      closed = true;
    });
    expect(listeners()).toBe(1);
    await new RoomServiceClient(server.url, server.apiKey, server.apiSecret).deleteRoom('deleted');
    await waitUntil('the end is seen', () => closed);
    await agent.leave();
    expect(listeners()).toBe(0);
  });

  it('is told when it is removed by name', async () => {
    const agent = await join('removal', 'agent-1', 'agent');
    const closed: string[] = [];
    agent.on('closed', (reason) => closed.push(reason));
    await new RoomServiceClient(server.url, server.apiKey, server.apiSecret).removeParticipant(
      'removal',
      'agent-1',
    );
    await waitUntil('the removal is seen', () => closed.length > 0);
    expect(closed).toEqual(['the agent was removed from the room']);
  });

  it('comes back after a network fault: same people, state and voice as before', {
    retry: 1,
    timeout: 90_000,
  }, async () => {
    const proxy = await startFlakyProxy(Number(new URL(server.url).port));
    const agent = await join('fault', 'agent-1', 'agent', `ws://127.0.0.1:${proxy.port}`);
    const person = await join('fault', 'ada', 'person');
    const events: string[] = [];
    for (const event of ['reconnecting', 'reconnected', 'participantLeft', 'closed'] as const) {
      agent.on(event, () => events.push(event));
    }
    const atPerson: string[] = [];
    person.on('participantLeft', () => atPerson.push('left'));
    person.on('agentState', (state) => atPerson.push(state));
    const chats: string[] = [];
    agent.on('chat', (text) => chats.push(text));
    let frames = 0;
    agent.on('audio', () => frames++);
    await agent.publishState('listening');
    await person.sendChat('hello');
    await waitUntil('the state is seen', () => atPerson.includes('listening'));
    await waitUntil('chat and audio flow', () => chats.length === 1 && frames > 10);
    proxy.drop();
    await waitUntil('the connection is back', () => events.includes('reconnected'), 20_000);
    await agent.publishState('thinking');
    await waitUntil('the new state is seen', () => atPerson.includes('thinking'));
    await person.sendChat('still there?');
    const before = frames;
    await waitUntil('chat and audio flow again', () => chats.length === 2 && frames > before + 10);
    expect(events).not.toContain('participantLeft');
    expect(events).not.toContain('closed');
    expect(atPerson).not.toContain('left');
    await agent.leave();
    await proxy.stop();
  });
});
