import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  ParticipantKind,
  type RemoteParticipant,
  RoomEvent,
  Room as RtcRoom,
  SimulateScenarioKind,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import { quietRtcLog } from '../../src/room/quietRtcLog.ts';
import type { Room } from '../../src/room/room.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';
import { waitUntil } from '../support/waitUntil.ts';

interface Line {
  readonly from: string;
  readonly attributes: Record<string, string>;
  readonly text: string;
}

const binary = findTestServer();

/** What LiveKit's front ends rely on, seen by a bare client that knows nothing of our room adapter. */
describe.skipIf(binary === undefined)('the agent on the wire', () => {
  let server: TestLiveKitServer;
  let rooms = 0;
  let room: string;
  let agent: Room;
  let human: RtcRoom;
  let source: AudioSource;
  const attributeChanges: Record<string, string>[] = [];
  const lines: Line[] = [];

  beforeAll(async () => {
    if (binary !== undefined) server = await startTestServer(binary);
    quietRtcLog();
  });
  afterAll(async () => {
    await server.stop();
    await disposeRtc();
  });

  beforeEach(async () => {
    room = `wire-${++rooms}`;
    attributeChanges.length = 0;
    lines.length = 0;
    const token = await createToken({
      ...server,
      room,
      identity: 'agent-1',
      name: 'Assistant',
      kind: 'agent',
    });
    agent = await joinLiveKitRoom({ url: server.url, token, log });
    human = new RtcRoom();
    human.on(RoomEvent.ParticipantAttributesChanged, (changed, participant) => {
      if (participant.identity === 'agent-1') attributeChanges.push(changed);
    });
    human.registerTextStreamHandler('lk.transcription', async (reader, { identity }) => {
      const text = await reader.readAll();
      lines.push({ from: identity, attributes: reader.info.attributes ?? {}, text });
    });
    await human.connect(
      server.url,
      await createToken({ ...server, room, identity: 'ada', name: 'Ada', kind: 'person' }),
    );
    // Presence of a participant without a track is held back for up to 3 s.
    source = new AudioSource(24_000, 1, 40);
    await human.localParticipant?.publishTrack(
      LocalAudioTrack.createAudioTrack('microphone', source),
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
    );
    await waitUntil('the agent sees the human', () => agent.participants.length === 1);
  });
  afterEach(async () => {
    await human.disconnect();
    await source.close();
    await agent.leave();
  });

  function seen(): RemoteParticipant {
    const participant = human.remoteParticipants.get('agent-1');
    if (participant === undefined) throw new Error('the agent is not there');
    return participant;
  }

  it('is a participant of kind AGENT with a name and a first state from its token', () => {
    expect(seen().kind).toBe(ParticipantKind.AGENT);
    expect(seen().name).toBe('Assistant');
    expect(seen().attributes).toMatchObject({ 'lk.agent.state': 'initializing' });
    expect(seen().attributes).not.toHaveProperty('lk.publish_on_behalf');
  });

  it('has a microphone track as soon as it is there', () => {
    const tracks = [...seen().trackPublications.values()];
    expect(tracks.map((track) => [track.kind, track.source])).toEqual([
      [TrackKind.KIND_AUDIO, TrackSource.SOURCE_MICROPHONE],
    ]);
  });

  it('changes its state attribute truly, after the human is connected, in order', async () => {
    await Promise.all([
      agent.publishState('listening'),
      agent.publishState('thinking'),
      agent.publishState('speaking'),
    ]);
    await waitUntil('speaking is seen', () => attributeChanges.at(-1)?.['lk.agent.state'] === 'speaking');
    expect(seen().attributes['lk.agent.state']).toBe('speaking');
    const order = ['listening', 'thinking', 'speaking'];
    const states = attributeChanges.map((change) => change['lk.agent.state'] ?? '');
    expect(states).toEqual(order.filter((state) => states.includes(state)));
  });

  it('publishes transcript lines with segment, final flag and track, the human’s in the human’s name', async () => {
    await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good', final: false });
    await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good day', final: false });
    await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good day.', final: true });
    const user = { segmentId: 'u1', speaker: 'user', identity: 'ada' } as const;
    await agent.publishTranscript({ ...user, text: 'what is', final: false });
    await agent.publishTranscript({ ...user, text: 'What is it?', final: true });
    await waitUntil('all lines arrive', () => lines.length === 4);
    const [track] = [...seen().trackPublications.keys()];
    const attributes = (id: string, final: boolean) => ({
      'lk.segment_id': id,
      'lk.transcription_final': String(final),
      'lk.transcribed_track_id': track,
    });
    expect(lines).toEqual([
      { from: 'agent-1', attributes: attributes('a1', false), text: 'Good day' },
      { from: 'agent-1', attributes: attributes('a1', true), text: 'Good day.' },
      { from: 'ada', attributes: attributes('u1', false), text: 'what is' },
      { from: 'ada', attributes: attributes('u1', true), text: 'What is it?' },
    ]);
  });

  it('takes a typed message once, whether from a new front end or an old one', async () => {
    const chats: string[] = [];
    agent.on('chat', (text) => chats.push(text));
    const legacy = (value: object) =>
      human.localParticipant?.publishData(new TextEncoder().encode(JSON.stringify(value)), {
        reliable: true,
        topic: 'lk-chat-topic',
      });
    await legacy({ id: '1', message: 'new', ignoreLegacy: true });
    await human.localParticipant?.sendText('new', { topic: 'lk.chat' });
    await legacy({ id: '2', message: 'old' });
    await waitUntil('both arrive', () => chats.length >= 2);
    expect(chats.toSorted()).toEqual(['new', 'old']);
  });

  it('answers with a chat message on lk.chat', async () => {
    const texts: string[] = [];
    human.registerTextStreamHandler('lk.chat', async (reader) => {
      texts.push(await reader.readAll());
    });
    await agent.sendChat('Hello.');
    await waitUntil('the message arrives', () => texts.length === 1);
    expect(texts).toEqual(['Hello.']);
  });

  it('goes on hearing a caller whose connection was rebuilt, and does not take it for a departure', async () => {
    let frames = 0;
    const left: string[] = [];
    agent.on('audio', () => frames++);
    agent.on('participantLeft', ({ identity }) => left.push(identity));
    await source.captureFrame(new AudioFrame(new Int16Array(480), 24_000, 1, 480));
    await waitUntil('the caller is heard', () => frames > 10);
    const sid = agent.participants[0]?.sid;
    await human.simulateScenario(SimulateScenarioKind.SIMULATE_FULL_RECONNECT);
    await waitUntil('the caller has a new connection', () => agent.participants[0]?.sid !== sid, 20_000);
    const before = frames;
    await waitUntil('the caller is heard again', () => frames > before + 50, 20_000);
    expect(left).toEqual([]);
  });
});
