import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { level } from '../../src/audio/level.ts';
import type { Room, RoomEvents, RoomParticipant, TranscriptUpdate } from '../../src/room/room.ts';
import { median, pitch, tone } from '../support/tone.ts';
import { waitUntil } from '../support/waitUntil.ts';

export interface JoinAs {
  readonly identity: string;
  readonly name?: string;
  readonly kind: 'agent' | 'person';
  readonly outputRate?: number;
}

/** One room of one implementation. */
export interface RoomUnderTest {
  join(as: JoinAs): Promise<Room>;
  /** Ends the room from outside. */
  destroy(): Promise<void>;
}

const AGENT: JoinAs = { identity: 'agent-1', name: 'Assistant', kind: 'agent' };
const PERSON: JoinAs = { identity: 'person-1', name: 'Ada', kind: 'person' };
const LOUD_DBFS = -30;

/** What every implementation of `Room` holds to. */
export function describeRoomContract(createRoom: () => RoomUnderTest): void {
  describe('the room contract', () => {
    let room: RoomUnderTest;
    let joined: Room[];

    beforeEach(() => {
      room = createRoom();
      joined = [];
    });
    afterEach(async () => {
      await Promise.all(joined.map((member) => member.leave()));
    });

    async function join(as: JoinAs): Promise<Room> {
      const member = await room.join(as);
      joined.push(member);
      return member;
    }

    it('reports those who were there before once each, and those who come later', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const seenByPerson = record(person, 'participantJoined');
      const seenByAgent = record(agent, 'participantJoined');
      await waitUntil('both see each other', () => seenByPerson.length > 0 && seenByAgent.length > 0);
      const late = await join({ identity: 'person-2', kind: 'person' });
      await waitUntil('the late one is seen', () => seenByPerson.length > 1 && seenByAgent.length > 1);

      expect(identities(seenByPerson)).toEqual(['agent-1', 'person-2']);
      expect(identities(seenByAgent)).toEqual(['person-1', 'person-2']);
      expect(seenByPerson[0]?.[0]).toMatchObject({ name: 'Assistant', kind: 'agent' });
      expect(seenByAgent[0]?.[0]).toMatchObject({ name: 'Ada', kind: 'person' });
      expect(new Set(late.participants.map((other) => other.identity))).toEqual(
        new Set(['agent-1', 'person-1']),
      );
      expect(new Set(late.participants.map((other) => other.sid)).size).toBe(2);
      expect(agent.identity).toBe('agent-1');
      expect(agent.name).toBe(person.name);
    });

    it('reports a departure once, and forgets who left', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const left = record(agent, 'participantLeft');
      await waitUntil('the agent sees the person', () => agent.participants.length === 1);
      await person.leave();
      await waitUntil('the departure is seen', () => left.length > 0);
      expect(identities(left)).toEqual(['person-1']);
      expect(agent.participants).toEqual([]);
    });

    it('carries a tone both ways, as 20 ms frames at 16 kHz with its pitch and level', async () => {
      const agent = await join(AGENT);
      const person = await join({ ...PERSON, outputRate: 16_000 });
      const atPerson = collectLoud(person);
      const atAgent = collectLoud(agent);
      const stop = new AbortController();
      const speaking = [speak(agent, 440, stop.signal), speak(person, 700, stop.signal)];
      await waitUntil(
        'a second is heard each way',
        () => atPerson.loud() > 50 && atAgent.loud() > 50,
        15_000,
      );
      stop.abort();
      await Promise.all(speaking);

      for (const heard of [atPerson, atAgent]) {
        expect(new Set(heard.frames.map((frame) => frame.length))).toEqual(new Set([320]));
      }
      expect(atPerson.from).toEqual(new Set(['agent-1']));
      expect(atAgent.from).toEqual(new Set(['person-1']));
      // Codecs take a moment to settle.
      const settled = (heard: Heard) => heard.loudFrames.slice(10);
      const heardPitch = (heard: Heard) => median(settled(heard), (frame) => pitch(frame, 16_000));
      expect(Math.abs(heardPitch(atPerson) - 440)).toBeLessThan(10);
      expect(Math.abs(heardPitch(atAgent) - 700)).toBeLessThan(15);
      const spoken = level(tone(440, 16_000, 500, 8000));
      expect(Math.abs(median(settled(atPerson), level) - spoken)).toBeLessThan(3);
      expect(Math.abs(median(settled(atAgent), level) - spoken)).toBeLessThan(3);
    });

    it('lets an agent hear people only, so that two agents never talk to each other', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const other = await join({ identity: 'agent-2', kind: 'agent' });
      const atPerson = collectLoud(person);
      const from = new Set<string>();
      other.on('audio', (_frame, participant) => from.add(participant.identity));
      const stop = new AbortController();
      const speaking = [speak(agent, 440, stop.signal), speak(person, 700, stop.signal)];
      await waitUntil('both are heard', () => atPerson.loud() > 20 && from.size > 0, 15_000);
      stop.abort();
      await Promise.all(speaking);
      expect(from).toEqual(new Set(['person-1']));
    });

    it('delivers frames that nobody else can change', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const other = await join({ identity: 'person-2', kind: 'person' });
      other.on('audio', (frame) => frame.fill(123));
      const kept: { readonly frame: Int16Array; readonly asItCame: Int16Array }[] = [];
      agent.on('audio', (frame, { identity }) => {
        if (identity === 'person-1') kept.push({ frame, asItCame: frame.slice() });
      });
      const stop = new AbortController();
      const speaking = speak(person, 440, stop.signal);
      const loud = () => kept.filter(({ frame }) => level(frame) > LOUD_DBFS);
      await waitUntil('they come as they were sent', () => loud().length >= 10);
      stop.abort();
      await speaking;
      const frames = kept.map(({ frame }) => frame);
      expect(frames).toEqual(kept.map(({ asItCame }) => asItCame));
      expect(new Set(frames.map((frame) => frame.buffer)).size).toBe(frames.length);
      expect(new Set(frames.map((frame) => frame.byteOffset))).toEqual(new Set([0]));
    });

    it('takes audio in real time and never lets a writer be more than 60 ms ahead', async () => {
      const agent = await join(AGENT);
      await join(PERSON);
      const { output } = agent;
      const frame = tone(440, output.sampleRate, 20, 8000);
      await output.write(frame);
      const start = performance.now();
      let most = 0;
      for (let i = 0; i < 40; i++) {
        const writing = output.write(frame);
        most = Math.max(most, output.queuedSamples());
        await writing;
      }
      const took = performance.now() - start;
      expect(most).toBeLessThanOrEqual((output.sampleRate * 60) / 1000);
      expect(most).toBeGreaterThan(0);
      expect(took).toBeGreaterThan(800 - 100);
    });

    it('counts down what is queued as it is played', async () => {
      const { output } = await join(AGENT);
      await join(PERSON);
      await output.write(tone(440, output.sampleRate, 20, 8000));
      await output.write(tone(440, output.sampleRate, 20, 8000));
      await waitUntil('the queue is played', () => output.queuedSamples() === 0, 5000);
    });

    it('clear() silences what was written and lets the next words through', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const heard = collectLoud(person);
      const stop = new AbortController();
      const speaking = speak(agent, 440, stop.signal);
      await waitUntil('the agent is heard', () => heard.loud() > 20, 15_000);
      stop.abort();
      const clearing = agent.output.clear();
      await speaking;
      await clearing;
      expect(agent.output.queuedSamples()).toBe(0);
      // What was already on its way (network, jitter buffer) may still arrive; then silence stays.
      const isLoud = (frame: Int16Array) => level(frame) > LOUD_DBFS;
      const cleared = heard.frames.length;
      const sinceLoud = () => heard.frames.length - 1 - heard.frames.findLastIndex(isLoud);
      const quiet = () => Math.min(sinceLoud(), heard.frames.length - cleared);
      await waitUntil('a second of silence', () => quiet() >= 50, 5_000);
      const silent = heard.frames.length;
      await waitUntil('the stream goes on', () => heard.frames.length > silent + 50);
      expect(heard.frames.slice(silent).filter(isLoud)).toEqual([]);

      const before = heard.loud();
      const again = new AbortController();
      const next = speak(agent, 440, again.signal);
      await waitUntil('the next words are heard', () => heard.loud() > before + 20);
      again.abort();
      await next;
    });

    it('resolves a write that clear() overtakes', async () => {
      const { output } = await join(AGENT);
      await join(PERSON);
      const frame = tone(440, output.sampleRate, 20, 8000);
      for (let i = 0; i < 3; i++) await output.write(frame);
      const writing = output.write(frame);
      await output.clear();
      await expect(writing).resolves.toBeUndefined();
      expect(output.queuedSamples()).toBe(0);
    });

    it('shows both sides’ transcript lines as whole lines, in order, up to the final one', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const updates = record(person, 'transcript');
      const line = (id: string): TranscriptUpdate[] =>
        updates.map(([update]) => update).filter((update) => update.segmentId.endsWith(id));
      await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good', final: false });
      await agent.publishTranscript({
        segmentId: 'a1',
        speaker: 'agent',
        text: 'Good morning',
        final: false,
      });
      await agent.publishTranscript({ segmentId: 'a1', speaker: 'agent', text: 'Good morn—', final: true });
      const user = { segmentId: 'u1', speaker: 'user', identity: 'person-1' } as const;
      await agent.publishTranscript({ ...user, text: 'what is', final: false });
      await agent.publishTranscript({ ...user, text: 'What time is it?', final: true });
      await waitUntil('both lines are final', () =>
        ['a1', 'u1'].every((id) => line(id).at(-1)?.final === true),
      );
      expect(line('a1').at(-1)).toEqual({
        segmentId: line('a1')[0]?.segmentId,
        speaker: 'agent',
        text: 'Good morn—',
        final: true,
      });
      for (const update of line('a1').slice(0, -1)) {
        expect('Good morning'.startsWith(update.text)).toBe(true);
        expect(update.final).toBe(false);
      }
      expect(line('u1').at(-1)).toEqual({
        ...user,
        segmentId: line('u1')[0]?.segmentId,
        text: 'What time is it?',
        final: true,
      });
      expect(new Set(updates.map(([update]) => update.segmentId)).size).toBe(2);
    });

    it('tells the lines of an agent that was started anew from its older ones', async () => {
      const person = await join(PERSON);
      const updates = record(person, 'transcript');
      const lines: TranscriptUpdate[] = [
        { segmentId: 'a1', speaker: 'agent', text: 'Hello.', final: true },
        { segmentId: 'u1', speaker: 'user', identity: 'person-1', text: 'Hi.', final: true },
      ];
      for (const expected of [2, 4]) {
        const agent = await join(AGENT);
        await waitUntil('the person is there', () => agent.participants.length === 1);
        for (const line of lines) await agent.publishTranscript(line);
        await waitUntil('its lines arrive', () => updates.length === expected);
        await agent.leave();
      }
      expect(new Set(updates.map(([update]) => update.segmentId)).size).toBe(4);
    });

    it('carries typed messages both ways with their sender', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const atAgent = record(agent, 'chat');
      const atPerson = record(person, 'chat');
      await person.sendChat('Grüße, what’s up? 👋');
      await agent.sendChat('Hello.');
      await waitUntil('both messages arrive', () => atAgent.length > 0 && atPerson.length > 0);
      expect(atAgent.map(([text, from]) => [text, from.identity])).toEqual([
        ['Grüße, what’s up? 👋', 'person-1'],
      ]);
      expect(atPerson.map(([text, from]) => [text, from.identity])).toEqual([['Hello.', 'agent-1']]);
    });

    it('shows the agent’s state to those present and to those who come later', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const states = record(person, 'agentState');
      await agent.publishState('listening');
      await waitUntil('listening is seen', () => states.at(-1)?.[0] === 'listening');
      await agent.publishState('thinking');
      await agent.publishState('speaking');
      await waitUntil('speaking is seen', () => states.at(-1)?.[0] === 'speaking');
      expect(states.at(-1)?.[1].identity).toBe('agent-1');
      const late = await join({ identity: 'person-2', kind: 'person' });
      const later = record(late, 'agentState');
      await waitUntil('the late one knows it', () => later.at(-1)?.[0] === 'speaking');
    });

    it('reports the end of the room once, with a reason, and refuses further words', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      const closed = record(agent, 'closed');
      await waitUntil('they see each other', () => agent.participants.length === 1);
      await room.destroy();
      await waitUntil('the end is seen', () => closed.length > 0);
      expect(closed).toEqual([[expect.stringMatching(/room/)]]);
      await expect(agent.output.write(new Int16Array(480))).rejects.toMatchObject({ code: 'VA_ROOM_CLOSED' });
      await expect(agent.publishState('thinking')).resolves.toBeUndefined();
      await agent.leave();
      await person.leave();
      expect(closed).toHaveLength(1);
    });

    it('ends the older membership when the same identity joins again', async () => {
      const first = await join(AGENT);
      const closed = record(first, 'closed');
      const second = await join(AGENT);
      const stillOpen = record(second, 'closed');
      await waitUntil('the first one is told', () => closed.length > 0);
      expect(closed).toEqual([[expect.stringMatching(/same identity/)]]);
      expect(stillOpen).toEqual([]);
    });

    it('leave() is idempotent, silent, and final', async () => {
      const agent = await join(AGENT);
      const closed = record(agent, 'closed');
      const writing = agent.output.write(tone(440, agent.output.sampleRate, 20, 8000));
      await Promise.allSettled([writing, agent.leave(), agent.leave()]);
      await agent.leave();
      await expect(agent.output.write(new Int16Array(480))).rejects.toMatchObject({ code: 'VA_ROOM_CLOSED' });
      await expect(agent.sendChat('anybody?')).rejects.toMatchObject({ code: 'VA_ROOM_CLOSED' });
      expect(agent.participants).toEqual([]);
      expect(closed).toEqual([]);
    });

    it('survives a listener that throws', async () => {
      const agent = await join(AGENT);
      const person = await join(PERSON);
      agent.on('chat', () => {
        throw new Error('a listener of the test');
      });
      const chats = record(agent, 'chat');
      await waitUntil('they see each other', () => agent.participants.length === 1);
      await person.sendChat('one');
      await person.sendChat('two');
      await waitUntil('both arrive', () => chats.length === 2);
    });
  });
}

interface Heard {
  readonly frames: Int16Array[];
  readonly loudFrames: Int16Array[];
  readonly from: Set<string>;
  loud(): number;
}

function collectLoud(room: Room, threshold = LOUD_DBFS): Heard {
  const frames: Int16Array[] = [];
  const loudFrames: Int16Array[] = [];
  const from = new Set<string>();
  room.on('audio', (frame, participant) => {
    frames.push(frame);
    if (level(frame) <= threshold) return;
    loudFrames.push(frame);
    from.add(participant.identity);
  });
  return { frames, loudFrames, from, loud: () => loudFrames.length };
}

async function speak(room: Room, hz: number, signal: AbortSignal): Promise<void> {
  const { output } = room;
  for (let position = 0; !signal.aborted; ) {
    const frame = tone(hz, output.sampleRate, 20, 8000, position);
    position += frame.length;
    await output.write(frame);
  }
}

function record<E extends keyof RoomEvents>(room: Room, event: E): RoomEvents[E][] {
  const seen: RoomEvents[E][] = [];
  room.on(event, (...args) => seen.push(args));
  return seen;
}

function identities(events: ReadonlyArray<readonly [RoomParticipant]>): string[] {
  return events.map(([participant]) => participant.identity);
}
