import { describe, expect, it } from 'vitest';
import { OUTPUT_RATE } from '../../src/audio/format.ts';
import { VoiceAgentError } from '../../src/errors.ts';
import type { PlaybackEvent } from '../../src/playback/playback.ts';
import { Speaker } from '../../src/session/speaker.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import type { SpeechChunk, TextToSpeech } from '../../src/tts/textToSpeech.ts';
import { FakeOutput } from '../support/fakeOutput.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const CHAR_MS = 20;

/** A voice that takes 20 ms of audio for each character and breaks where it is told to. */
class FakeVoice implements TextToSpeech {
  readonly spoken: string[] = [];
  readonly aborted: string[] = [];
  /** Characters of the next utterances after which they break; none left: they do not. */
  readonly breaks: number[] = [];

  async warm(): Promise<void> {}
  async close(): Promise<void> {}

  async *speak(
    clauses: AsyncIterable<string>,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<SpeechChunk> {
    const breakAfter = this.breaks.shift() ?? Number.POSITIVE_INFINITY;
    let position = 0;
    for await (const clause of clauses) {
      if (signal.aborted) return;
      this.spoken.push(clause);
      signal.addEventListener('abort', () => this.aborted.push(clause));
      for (const char of position === 0 ? clause : ` ${clause}`) {
        if (position >= breakAfter) throw new VoiceAgentError('VA_TTS_FAILED', 'broken', { retryable: true });
        const pcm = new Int16Array((CHAR_MS * OUTPUT_RATE) / 1000).fill(char.charCodeAt(0));
        yield { pcm, marks: [{ char, startMs: position * CHAR_MS }] };
        position++;
      }
    }
  }
}

function setUp() {
  const clock = new VirtualClock();
  const output = new FakeOutput(clock);
  const tts = new FakeVoice();
  const events: PlaybackEvent[] = [];
  const speaker = new Speaker({
    tts,
    output,
    clock,
    log: silentLogger,
    listener: (event) => events.push(event),
  });
  /** The characters that became audible. */
  const audible = () =>
    output.played
      .filter((sample, i) => sample !== 0 && i % ((CHAR_MS * OUTPUT_RATE) / 1000) === 0)
      .map((code) => String.fromCharCode(code))
      .join('');
  const say = (id: string, text: string) => {
    speaker.begin(id);
    speaker.text(id, text);
    speaker.end(id);
    speaker.play(id);
  };
  return { clock, tts, events, speaker, audible, say };
}

const ended = (events: readonly PlaybackEvent[]) => events.filter((event) => event.type === 'speech.ended');

describe('the speaker', () => {
  it('speaks text that comes piece by piece, clause by clause', async () => {
    const { clock, tts, events, speaker, audible } = setUp();
    speaker.begin('a');
    speaker.play('a');
    for (const piece of ['The capital of', ' France is Par', 'is. And that', ' is all.'])
      speaker.text('a', piece);
    await clock.advance(100);
    expect(tts.spoken).toEqual(['The capital of France is Paris.']);
    speaker.end('a');
    await clock.advance(5_000);
    expect(audible()).toBe('The capital of France is Paris. And that is all.');
    expect(ended(events)).toMatchObject([{ heard: audible(), outcome: 'complete' }]);
  });

  it('makes audio before it may be heard', async () => {
    const { clock, tts, speaker, audible } = setUp();
    speaker.begin('a');
    speaker.text('a', 'Ready.');
    speaker.end('a');
    await clock.advance(1_000);
    expect(tts.spoken).toEqual(['Ready.']);
    expect(audible()).toBe('');
    speaker.play('a');
    await clock.advance(60);
    expect(audible().length).toBeGreaterThan(0);
  });

  it('speaks a sentence anew when the voice breaks in the middle of it before it was heard', async () => {
    const { clock, tts, events, audible, say } = setUp();
    tts.breaks.push(40);
    say('a', 'The first sentence is fine. The second one is broken.');
    await clock.advance(5_000);
    expect(audible()).toBe('The first sentence is fine. The second one is broken.');
    expect(ended(events)).toMatchObject([{ outcome: 'complete' }]);
  });

  it('repeats the sentence that broke while it was heard, and history knows', async () => {
    const { clock, tts, events, audible, speaker } = setUp();
    tts.breaks.push(10);
    speaker.begin('a');
    speaker.play('a');
    speaker.text('a', 'The capital is Paris, ');
    await clock.advance(5_000);
    speaker.text('a', 'of course.');
    speaker.end('a');
    await clock.advance(5_000);
    expect(audible()).toMatch(/The capital is Paris, ?of course\.$/);
    expect(audible()).toMatch(/^TheThe capital/);
    expect(ended(events)).toMatchObject([
      { heard: audible().replace('TheThe', 'The The'), outcome: 'complete' },
    ]);
  });

  it('says from memory that the voice is lost when it stays broken', async () => {
    const { clock, tts, events, audible, speaker, say } = setUp();
    await speaker.warm();
    tts.breaks.push(0, 0);
    say('a', 'Nobody will hear this.');
    await clock.advance(5_000);
    expect(audible()).toMatch(/^Sorry, my voice is failing me/);
    expect(ended(events)).toMatchObject([{ outcome: 'failed', heard: expect.stringMatching(/^Sorry/) }]);
  });

  it('knows the line for a lost voice whole or not at all', async () => {
    const { clock, tts, audible, speaker, say } = setUp();
    tts.breaks.push(9);
    await speaker.warm();
    tts.breaks.push(0, 0);
    say('a', 'Nobody will hear this.');
    await clock.advance(5_000);
    expect(audible()).toBe('');
    say('b', 'The voice is back.');
    await clock.advance(5_000);
    tts.breaks.push(0, 0);
    say('c', 'Nobody will hear this.');
    await clock.advance(5_000);
    expect(audible()).toMatch(/^The voice is back\.Sorry, my voice is failing me\..*moment\.$/);
  });

  it('ends every utterance once, also one that never played', async () => {
    const { clock, events, speaker, say } = setUp();
    speaker.begin('queued');
    speaker.text('queued', 'Never heard.');
    speaker.cut('queued', 'now');
    speaker.cut('queued', 'now');
    say('a', 'Heard.');
    speaker.cut('unknown', 'now');
    await clock.advance(3_000);
    expect(ended(events).map(({ utteranceId, heard }) => [utteranceId, heard])).toEqual([
      ['queued', ''],
      ['a', 'Heard.'],
    ]);
  });

  it('stops the voice with the utterance', async () => {
    const { clock, tts, speaker, say } = setUp();
    say('a', 'A sentence that is cut.');
    await clock.advance(100);
    speaker.cut('a', 'now');
    await clock.advance(100);
    expect(tts.aborted).toContain('A sentence that is cut.');
  });

  describe('lines made ahead', () => {
    const LINE = 'Your task is ready. Shall I read it?';
    const speakLine = ({ speaker }: ReturnType<typeof setUp>, id: string) => {
      speaker.begin(id);
      speaker.text(id, LINE);
      speaker.end(id);
      speaker.play(id);
    };

    it('are heard without asking the voice again, whole and with their words', async () => {
      const call = setUp();
      call.speaker.prepare([LINE]);
      await call.clock.advance(10);
      expect(call.tts.spoken.join(' ')).toBe(LINE);
      speakLine(call, 'u1');
      await call.clock.advance(5_000);
      expect(call.tts.spoken.join(' ')).toBe(LINE);
      expect(call.audible()).toBe(LINE);
      expect(call.events.at(-1)).toMatchObject({ type: 'speech.ended', heard: LINE, outcome: 'complete' });
    });

    it('are heard when the voice has gone', async () => {
      const call = setUp();
      call.speaker.prepare([LINE]);
      await call.clock.advance(10);
      call.tts.breaks.push(0, 0, 0, 0);
      speakLine(call, 'u1');
      await call.clock.advance(5_000);
      expect(call.audible()).toBe(LINE);
    });

    it('are spoken when they are needed where they could not be made', async () => {
      const call = setUp();
      call.tts.breaks.push(3);
      call.speaker.prepare([LINE]);
      await call.clock.advance(10);
      speakLine(call, 'u1');
      await call.clock.advance(5_000);
      expect(call.audible()).toBe(LINE);
    });

    it('are made only while the voice has nothing else to make', async () => {
      const call = setUp();
      call.speaker.begin('u1');
      call.speaker.text('u1', 'A reply that is still being written, ');
      call.speaker.prepare([LINE]);
      await call.clock.advance(100);
      expect(call.tts.spoken.join(' ')).not.toContain('task');
      call.speaker.end('u1');
      await call.clock.advance(100);
      expect(call.tts.spoken.join(' ')).toContain(LINE);
    });

    it('that a reply only begins with are spoken with the rest of it', async () => {
      const call = setUp();
      call.speaker.prepare([LINE]);
      await call.clock.advance(10);
      call.speaker.begin('u1');
      call.speaker.text('u1', LINE);
      call.speaker.text('u1', ' It is long.');
      call.speaker.end('u1');
      call.speaker.play('u1');
      await call.clock.advance(5_000);
      expect(call.audible()).toBe(`${LINE} It is long.`);
    });
  });
});
