import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalParticipant,
  ParticipantKind,
  type RemoteParticipant,
  RoomEvent,
  Room as RtcRoom,
  SimulateScenarioKind,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import { quietRtcLog } from '../../src/room/quietRtcLog.ts';
import type { Room } from '../../src/room/room.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import type { Clock } from '../../src/time/clock.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';
import { waitUntil } from '../support/waitUntil.ts';

interface Line {
  readonly from: string;
  readonly attributes: Record<string, string>;
  readonly text: string;
}

const binary = await findTestServer();

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
  /** Never gives up on a state, so that only an answer or the news of the change lets the next one go. */
  const clock: Clock = {
    ...systemClock,
    setTimer: (ms, fn) => (ms === 300 ? () => {} : systemClock.setTimer(ms, fn)),
  };

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
    agent = await joinLiveKitRoom({ url: server.url, token, log, clock });
  });
  afterEach(async () => {
    await human.disconnect();
    await source.close();
    await agent.leave();
  });

  async function humanJoins(): Promise<void> {
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
  }

  function seen(): RemoteParticipant {
    const participant = human.remoteParticipants.get('agent-1');
    if (participant === undefined) throw new Error('the agent is not there');
    return participant;
  }

  /** The agent speaks, and its change of state for the human who came then is over. */
  async function introduced(): Promise<void> {
    await agent.publishState('speaking');
    await humanJoins();
    const states = () => attributeChanges.map((change) => change['lk.agent.state']);
    await waitUntil('the change for the human', () => states().join() === 'thinking,speaking');
    attributeChanges.length = 0;
  }

  it('is a participant of kind AGENT with a name and a first state from its token', async () => {
    await humanJoins();
    expect(seen().kind).toBe(ParticipantKind.AGENT);
    expect(seen().name).toBe('Assistant');
    expect(seen().attributes).toMatchObject({ 'lk.agent.state': 'initializing' });
    expect(seen().attributes).not.toHaveProperty('lk.publish_on_behalf');
  });

  it('has a microphone track as soon as it is there', async () => {
    await humanJoins();
    const tracks = [...seen().trackPublications.values()];
    expect(tracks.map((track) => [track.kind, track.source])).toEqual([
      [TrackKind.KIND_AUDIO, TrackSource.SOURCE_MICROPHONE],
    ]);
  });

  it('changes its state attribute truly, after the human is connected, in order', async () => {
    await humanJoins();
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

  it('holds no state back when rtc-node loses every answer: the news of the change is enough', async () => {
    await introduced();
    const set = LocalParticipant.prototype.setAttributes;
    const losing = vi.spyOn(LocalParticipant.prototype, 'setAttributes');
    losing.mockImplementation(function lose(this: LocalParticipant, attributes) {
      // One whose answer was truly lost rejects when the room is left.
      set.call(this, attributes).catch(() => {});
      return new Promise(() => {});
    });
    try {
      for (const state of ['listening', 'thinking', 'speaking', 'listening'] as const) {
        await agent.publishState(state);
      }
    } finally {
      losing.mockRestore();
    }
    await waitUntil('all are seen', () => attributeChanges.length === 4);
    expect(seen().attributes['lk.agent.state']).toBe('listening');
  });

  it('changes its state once more for a person who reloads the page, and ends in the true state', async () => {
    await introduced();
    const reloaded = new RtcRoom();
    await reloaded.connect(
      server.url,
      await createToken({ ...server, room, identity: 'ada', name: 'Ada', kind: 'person' }),
    );
    const changes: string[] = [];
    reloaded.on(RoomEvent.ParticipantAttributesChanged, (changed, participant) => {
      if (participant.identity === 'agent-1') changes.push(changed['lk.agent.state'] ?? '');
    });
    await reloaded.localParticipant?.publishTrack(
      LocalAudioTrack.createAudioTrack('microphone', source),
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
    );
    const state = () => reloaded.remoteParticipants.get('agent-1')?.attributes['lk.agent.state'];
    await waitUntil('a change is seen', () => changes.includes('thinking') && state() === 'speaking', 10_000);
    expect(changes).toEqual(['thinking', 'speaking']);
    await reloaded.disconnect();
  });

  it('publishes transcript lines with segment, final flag and track, the human’s in the human’s name', async () => {
    await humanJoins();
    await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good', final: false });
    await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good day', final: false });
    await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good day.', final: true });
    const user = { segmentId: 'u1', speaker: 'user', identity: 'ada' } as const;
    await agent.publishTranscript({ ...user, text: 'what is', final: false });
    await agent.publishTranscript({ ...user, text: 'What is it?', final: true });
    await waitUntil('all lines arrive', () => lines.length === 4);
    const [track] = [...seen().trackPublications.keys()];
    const attributes = (id: string, final: boolean) => ({
      'lk.segment_id': expect.stringMatching(new RegExp(`^.{8,}/${id}$`)),
      'lk.transcription_final': String(final),
      'lk.transcribed_track_id': track,
    });
    expect(lines).toEqual([
      { from: 'agent-1', attributes: attributes('a1', false), text: 'Good day' },
      { from: 'agent-1', attributes: attributes('a1', true), text: 'Good day.' },
      { from: 'ada', attributes: attributes('u1', false), text: 'what is' },
      { from: 'ada', attributes: attributes('u1', true), text: 'What is it?' },
    ]);
    expect(new Set(lines.map((line) => line.attributes['lk.segment_id'])).size).toBe(2);
  });

  it('takes a typed message once, whether from a new front end or an old one', async () => {
    await humanJoins();
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
    await humanJoins();
    const texts: string[] = [];
    human.registerTextStreamHandler('lk.chat', async (reader) => {
      texts.push(await reader.readAll());
    });
    await agent.sendChat('Hello.');
    await waitUntil('the message arrives', () => texts.length === 1);
    expect(texts).toEqual(['Hello.']);
  });

  // Once more where the caller's own client never comes back: its native reconnect hangs now and then on a busy machine.
  it('goes on hearing a caller whose connection was rebuilt, and does not take it for a departure', {
    retry: 1,
    timeout: 90_000,
  }, async () => {
    await humanJoins();
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
