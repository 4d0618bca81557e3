import { DisconnectReason, ParticipantKind } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { closeReason } from '../../src/room/closeReason.ts';
import { departureGrace } from '../../src/room/departureGrace.ts';
import { joinError } from '../../src/room/joinError.ts';
import { legacyChatText } from '../../src/room/legacyChatText.ts';
import { participantKind } from '../../src/room/participantKind.ts';
import { RoomEmitter } from '../../src/room/roomEmitter.ts';
import { silentLogger as silentLog } from '../../src/telemetry/silentLogger.ts';

describe('joinError', () => {
  it('names the key settings for a refused token, and never repeats the token', () => {
    const said =
      'client error: 401 Unauthorized - invalid token: eyJhbGciOi.eyJ2aWRl-_x.tPDp-bJ, error: expired';
    const error = joinError(new Error(said), 'ws://host');
    expect(error).toMatchObject({ code: 'VA_ROOM_AUTH', retryable: false });
    expect(error.message).toMatch(/LIVEKIT_API_KEY and LIVEKIT_API_SECRET/);
    expect(JSON.stringify([error.message, String(error.cause)])).not.toMatch(/eyJ|tPDp/);
  });

  it('names LIVEKIT_URL for everything else', () => {
    const error = joinError(new Error('IO error: Connection refused (os error 111)'), 'ws://127.0.0.1:4010');
    expect(error).toMatchObject({ code: 'VA_ROOM_UNREACHABLE', retryable: true });
    expect(error.message).toMatch(/LIVEKIT_URL/);
  });
});

describe('legacyChatText', () => {
  const packet = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  it.each([
    ['a message of an old front end', packet({ id: '1', message: 'hello' }), 'hello'],
    ['the copy of a text stream', packet({ message: 'hello', ignoreLegacy: true }), undefined],
    ['no text', packet({ message: 7 }), undefined],
    ['no object', packet(null), undefined],
    ['no JSON', new TextEncoder().encode('{'), undefined],
  ])('%s', (_case, payload, text) => {
    expect(legacyChatText(payload)).toBe(text);
  });
});

describe('participants and their departures', () => {
  it.each([
    [ParticipantKind.STANDARD, 'person'],
    [ParticipantKind.SIP, 'person'],
    [ParticipantKind.CONNECTOR, 'person'],
    [ParticipantKind.AGENT, 'agent'],
    [ParticipantKind.EGRESS, 'other'],
    [ParticipantKind.INGRESS, 'other'],
  ])('kind %s is %s', (rtc, kind) => {
    expect(participantKind(rtc)).toBe(kind);
  });

  it('waits longest for those who vanished, and not at all for those who were removed', () => {
    const goodbye = departureGrace(DisconnectReason.CLIENT_INITIATED);
    const lost = departureGrace(DisconnectReason.CONNECTION_TIMEOUT);
    expect(departureGrace(DisconnectReason.PARTICIPANT_REMOVED)).toBe(0);
    expect(goodbye).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(goodbye);
    expect(departureGrace(undefined)).toBe(lost);
    expect(departureGrace(DisconnectReason.DUPLICATE_IDENTITY)).toBe(lost);
  });

  it('has words for every reason that the server gives', () => {
    for (const reason of Object.values(DisconnectReason)) {
      if (typeof reason === 'number') expect(closeReason(reason)).toMatch(/room|connection|identity|server/);
    }
  });
});

describe('RoomEmitter', () => {
  it('keeps what happened before the first listener, but not audio', async () => {
    const emitter = new RoomEmitter(silentLog);
    const from = { identity: 'ada', sid: 'PA_1', name: 'Ada', kind: 'person' } as const;
    emitter.emit('chat', 'one', from);
    emitter.emit('chat', 'two', from);
    emitter.emit('audio', new Int16Array(320), from);
    const chats: string[] = [];
    const frames: Int16Array[] = [];
    emitter.on('chat', (text) => chats.push(text));
    emitter.on('audio', (frame) => frames.push(frame));
    emitter.emit('chat', 'three', from);
    await Promise.resolve();
    emitter.emit('chat', 'four', from);
    expect(chats).toEqual(['one', 'two', 'three', 'four']);
    expect(frames).toEqual([]);
  });

  it('stops calling a listener that was removed', () => {
    const emitter = new RoomEmitter(silentLog);
    let calls = 0;
    const remove = emitter.on('reconnecting', () => calls++);
    emitter.emit('reconnecting');
    remove();
    emitter.emit('reconnecting');
    expect(calls).toBe(1);
  });
});
