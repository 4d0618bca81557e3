import { describe, expect, it } from 'vitest';
import type { TranscriptUpdate } from '../../src/room/room.ts';
import { TranscriptReceiver } from '../../src/room/transcriptReceiver.ts';
import { type TextStreamOptions, TranscriptSender } from '../../src/room/transcriptSender.ts';
import { silentLogger as silentLog } from '../../src/telemetry/silentLogger.ts';

interface SentStream extends TextStreamOptions {
  readonly writes: string[];
  closed: boolean;
}

function sender(fail?: (stream: SentStream) => boolean) {
  const streams: SentStream[] = [];
  let trackSid = 'TR_1';
  const transcripts = new TranscriptSender({
    openStream: async (options) => {
      const stream: SentStream = { ...options, writes: [], closed: false };
      streams.push(stream);
      return {
        async write(text) {
          if (fail?.(stream)) throw new Error('unable to send packet');
          stream.writes.push(text);
        },
        async close() {
          stream.closed = true;
        },
      };
    },
    trackSid: () => trackSid,
    membership: 'm1',
    log: silentLog,
  });
  const retrack = (sid: string) => {
    trackSid = sid;
  };
  return { transcripts, streams, retrack };
}

const agent = (text: string, final = false): TranscriptUpdate => ({
  segmentId: 'a1',
  speaker: 'agent',
  text,
  final,
});
const user = (text: string, final = false): TranscriptUpdate => ({
  segmentId: 'u1',
  speaker: 'user',
  identity: 'ada',
  text,
  final,
});

describe('TranscriptSender', () => {
  it('sends the agent’s line as additions in one stream, then the whole as a final one', async () => {
    const { transcripts, streams } = sender();
    for (const text of ['Good', 'Good morning', 'Good morning.']) await transcripts.publish(agent(text));
    await transcripts.publish(agent('Good morning.', true));
    expect(streams).toEqual([
      {
        topic: 'lk.transcription',
        attributes: {
          'lk.segment_id': 'm1/a1',
          'lk.transcription_final': 'false',
          'lk.transcribed_track_id': 'TR_1',
        },
        writes: ['Good', ' morning', '.'],
        closed: true,
      },
      {
        topic: 'lk.transcription',
        attributes: {
          'lk.segment_id': 'm1/a1',
          'lk.transcription_final': 'true',
          'lk.transcribed_track_id': 'TR_1',
        },
        writes: ['Good morning.'],
        closed: true,
      },
    ]);
  });

  it('begins a new stream when a line is rewritten, and does not leave the old one open', async () => {
    const { transcripts, streams } = sender();
    await transcripts.publish(agent('I think that'));
    await transcripts.publish(agent('I am sure'));
    expect(streams.map((stream) => [stream.writes, stream.closed])).toEqual([
      [['I think that'], true],
      [['I am sure'], false],
    ]);
    await transcripts.close();
    expect(streams.every((stream) => stream.closed)).toBe(true);
  });

  it('sends a person’s line whole each time, in that person’s name', async () => {
    const { transcripts, streams } = sender();
    await transcripts.publish(user('what is'));
    await transcripts.publish(user('What is it?', true));
    expect(streams.map((s) => [s.senderIdentity, s.attributes['lk.transcription_final'], s.writes])).toEqual([
      ['ada', 'false', ['what is']],
      ['ada', 'true', ['What is it?']],
    ]);
    expect(streams.every((stream) => stream.closed)).toBe(true);
  });

  it('tells the lines of this membership from those of another, whoever speaks', async () => {
    const { transcripts, streams } = sender();
    await transcripts.publish(agent('Hello.', true));
    await transcripts.publish(user('Hi.', true));
    expect(streams.map((s) => s.attributes['lk.segment_id'])).toEqual(['m1/a1', 'm1/u1']);
  });

  it('keeps the order of lines published without waiting, and names the track as it is now', async () => {
    const { transcripts, streams, retrack } = sender();
    const all = [transcripts.publish(agent('One')), transcripts.publish(agent('One two'))];
    await Promise.all(all);
    retrack('TR_2');
    await transcripts.publish(agent('One two', true));
    expect(streams.map((s) => s.writes.join('|'))).toEqual(['One| two', 'One two']);
    expect(streams[1]?.attributes['lk.transcribed_track_id']).toBe('TR_2');
  });

  it('goes on after a stream that broke', async () => {
    const { transcripts, streams } = sender((stream) => stream.writes.length === 1 && streams.length === 1);
    await transcripts.publish(agent('One'));
    await transcripts.publish(agent('One two'));
    await transcripts.publish(agent('One two three'));
    expect(streams.map((s) => s.writes)).toEqual([['One'], ['One two three']]);
  });
});

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

function incoming(
  streamId: string,
  segmentId: string | undefined,
  final: boolean,
  texts: AsyncIterable<string>,
) {
  const attributes: Record<string, string> = { 'lk.transcription_final': String(final) };
  if (segmentId !== undefined) attributes['lk.segment_id'] = segmentId;
  return { info: { streamId, attributes }, [Symbol.asyncIterator]: () => texts[Symbol.asyncIterator]() };
}

describe('TranscriptReceiver', () => {
  it('adds up the pieces of one stream and flips the line to final', async () => {
    const updates: TranscriptUpdate[] = [];
    const receiver = new TranscriptReceiver((update) => updates.push(update));
    await receiver.receive(incoming('s1', 'a1', false, pieces('Good', ' day')), 'agent', 'bot');
    await receiver.receive(incoming('s2', 'a1', true, pieces('Good day.')), 'agent', 'bot');
    expect(updates).toEqual([agent('Good'), agent('Good day'), agent('Good day.', true)]);
  });

  it('ignores late pieces of a stream that a newer one has replaced', async () => {
    const updates: TranscriptUpdate[] = [];
    const receiver = new TranscriptReceiver((update) => updates.push(update));
    let more = () => {};
    const gate = new Promise<void>((resolve) => {
      more = resolve;
    });
    async function* slow(): AsyncGenerator<string> {
      yield 'old';
      await gate;
      yield ' older';
    }
    const first = receiver.receive(incoming('s1', 'a1', false, slow()), 'agent', 'bot');
    await receiver.receive(incoming('s2', 'a1', true, pieces('new')), 'agent', 'bot');
    more();
    await first;
    expect(updates.at(-1)).toEqual(agent('new', true));
  });

  it('tells whose words they are', async () => {
    const updates: TranscriptUpdate[] = [];
    const receiver = new TranscriptReceiver((update) => updates.push(update));
    await receiver.receive(incoming('s1', 'u1', true, pieces('What is it?')), 'user', 'ada');
    await receiver.receive(incoming('s9', undefined, true, pieces('no id')), 'user', 'ada');
    expect(updates).toEqual([user('What is it?', true), { ...user('no id', true), segmentId: 's9' }]);
  });
});
