import { describe, expect, it } from 'vitest';
import { OUTPUT_FRAME_SAMPLES, OUTPUT_RATE } from '../../src/audio/format.ts';
import { Playback, type PlaybackEvent } from '../../src/playback/playback.ts';
import { UtteranceAudio } from '../../src/playback/utteranceAudio.ts';
import { FakeOutput } from '../support/fakeOutput.ts';
import { VirtualClock } from '../support/virtualClock.ts';

/** Speech whose samples count 1, 2, 3 … so that every one of them can be found again; a character every 50 ms. */
function speech(text: string): UtteranceAudio {
  const audio = speechSoFar(text);
  audio.finish('complete');
  return audio;
}

/** More of it may come. */
function speechSoFar(text: string): UtteranceAudio {
  const audio = new UtteranceAudio();
  const pcm = new Int16Array((text.length * 50 * OUTPUT_RATE) / 1000).map((_, i) => (i % 30_000) + 1);
  audio.append({ pcm, marks: [...text].map((char, i) => ({ char, startMs: i * 50 })) });
  return audio;
}

function setUp() {
  const clock = new VirtualClock();
  const output = new FakeOutput(clock);
  const events: PlaybackEvent[] = [];
  const playback = new Playback({ output, clock, listener: (event) => events.push(event) });
  const ended = () => events.find((event) => event.type === 'speech.ended');
  return { clock, output, events, playback, ended };
}

describe('playback', () => {
  it('plays an utterance to its last sample and tells what was heard, word by word', async () => {
    const { clock, output, events, playback } = setUp();
    const audio = speech('One two three.');
    playback.play('a', audio);
    await clock.advance(2_000);
    expect(output.played.filter((sample) => sample !== 0)).toHaveLength(audio.samples);
    expect(events.map((event) => (event.type === 'speech.progress' ? event.heard : event.type))).toEqual([
      'speech.started',
      'One',
      'One two',
      'One two three.',
      'speech.ended',
    ]);
    expect(events.at(-1)).toMatchObject({ heard: 'One two three.', outcome: 'complete' });
  });

  it('is never more than 60 ms ahead', async () => {
    const { clock, output, playback } = setUp();
    playback.play('a', speech('A long sentence that goes on for a while.'));
    await clock.advance(1_000);
    expect(output.ahead).toBeLessThanOrEqual(3 * OUTPUT_FRAME_SAMPLES);
  });

  it('starts with the first frame of audio that is still being made', async () => {
    const { clock, output, events, playback } = setUp();
    const audio = new UtteranceAudio();
    playback.play('a', audio);
    await clock.advance(500);
    expect(events).toEqual([]);
    audio.append({ pcm: new Int16Array(OUTPUT_FRAME_SAMPLES).fill(7), marks: [] });
    await clock.advance(40);
    expect(events.map(({ type }) => type)).toEqual(['speech.started']);
    audio.append({ pcm: new Int16Array(10).fill(7), marks: [] });
    audio.finish('complete');
    await clock.advance(100);
    expect(output.played.filter((sample) => sample === 7)).toHaveLength(OUTPUT_FRAME_SAMPLES + 10);
  });

  it('is silent for a moment between an utterance that was cut at a word and the next one', async () => {
    const { clock, output, playback, events } = setUp();
    playback.play('a', speech('One two three four five.'));
    await clock.advance(300);
    playback.cut('a', 'word');
    for (let ms = 0; ms < 400 && !events.some(({ type }) => type === 'speech.ended'); ms += 10)
      await clock.advance(10);
    const cutAt = output.played.findLastIndex((sample) => sample !== 0);
    const startedBefore = events.filter(({ type }) => type === 'speech.started').length;
    playback.play('b', speech('Six.'));
    await clock.advance(1_000);
    const next = output.played.findIndex((sample, i) => i > cutAt && sample !== 0);
    expect(((next - cutAt) * 1000) / OUTPUT_RATE).toBeGreaterThanOrEqual(130);
    expect(((next - cutAt) * 1000) / OUTPUT_RATE).toBeLessThanOrEqual(200);
    expect(events.filter(({ type }) => type === 'speech.started')).toHaveLength(startedBefore + 1);
    expect(events.at(-1)).toMatchObject({ utteranceId: 'b', heard: 'Six.', outcome: 'complete' });
  });

  it('begins at once after an utterance that was cut for the user', async () => {
    const { clock, output, playback } = setUp();
    playback.play('a', speech('One two three four five.'));
    await clock.advance(300);
    playback.cut('a', 'now');
    await clock.advance(0);
    const before = output.played.length;
    playback.play('b', speech('Six.'));
    await clock.advance(100);
    const next = output.played.findIndex((sample, i) => i >= before && sample !== 0);
    expect(((next - before) * 1000) / OUTPUT_RATE).toBeLessThanOrEqual(20);
  });

  it('begins the next utterance at full volume, whoever may be speaking into the last one', async () => {
    const { clock, output, playback } = setUp();
    playback.duck();
    playback.play('a', speech('One.'));
    await clock.advance(60);
    expect(output.played.filter((sample) => sample !== 0).slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  });

  it('cut now is silent within the frame, and history gets the words heard so far', async () => {
    const { clock, output, playback, ended } = setUp();
    playback.play('a', speech('One two three four five.'));
    await clock.advance(410);
    const before = output.played.length;
    playback.cut('a', 'now');
    await clock.advance(500);
    expect(output.played.length - before).toBe(0);
    expect(ended()).toMatchObject({ heard: 'One two', outcome: 'cut' });
  });

  it('cut at a word goes on to the end of that word, at most 300 ms', async () => {
    const { clock, output, playback, ended } = setUp();
    playback.play('a', speech('One two three four five.'));
    await clock.advance(410);
    playback.cut('a', 'word');
    await clock.advance(1_000);
    // "three" ends at character 13.
    expect(output.played.filter((sample) => sample !== 0)).toHaveLength((13 * 50 * OUTPUT_RATE) / 1000);
    expect(ended()).toMatchObject({ heard: 'One two three', outcome: 'cut' });
  });

  it('cut at a word does not wait for a word without end', async () => {
    const { clock, output, playback, ended } = setUp();
    playback.play('a', speech('Donaudampfschifffahrtsgesellschaft'));
    await clock.advance(410);
    const before = output.played.length;
    playback.cut('a', 'word');
    await clock.advance(500);
    expect(output.played.length).toBe(before);
    expect(ended()).toMatchObject({ outcome: 'cut' });
  });

  it('cut at a word whose end was not delivered ends with what there is', async () => {
    const { clock, output, playback, ended } = setUp();
    playback.play('a', speechSoFar('One tw'));
    await clock.advance(290);
    playback.cut('a', 'word');
    await clock.advance(1_000);
    expect(output.played.filter((sample) => sample !== 0)).toHaveLength((6 * 50 * OUTPUT_RATE) / 1000);
    expect(ended()).toMatchObject({ outcome: 'cut' });
  });

  it('cut now overrules a cut at a word', async () => {
    const { clock, output, playback } = setUp();
    playback.play('a', speech('One two three four five.'));
    await clock.advance(410);
    playback.cut('a', 'word');
    playback.cut('a', 'now');
    const before = output.played.length;
    await clock.advance(500);
    expect(output.played.length).toBe(before);
  });

  it('holds at once and resumes without losing or repeating a sample', async () => {
    const { clock, output, playback, ended } = setUp();
    const audio = speech('One two three four five.');
    playback.play('a', audio);
    for (let i = 0; i < 5; i++) {
      await clock.advance(130);
      playback.hold();
      const silentFrom = output.played.length;
      await clock.advance(170);
      expect(output.played.length).toBe(silentFrom);
      playback.resume();
    }
    await clock.advance(3_000);
    const wanted = Array.from({ length: audio.samples }, (_, i) => (i % 30_000) + 1);
    expect(output.played.filter((sample) => sample !== 0)).toEqual(wanted);
    expect(ended()).toMatchObject({ outcome: 'complete' });
  });

  it('repeats nothing when it is held within its last frame, which silence fills up', async () => {
    const { clock, output, playback } = setUp();
    const audio = new UtteranceAudio();
    audio.append({ pcm: new Int16Array(OUTPUT_FRAME_SAMPLES + 10).fill(7), marks: [] });
    audio.finish('complete');
    playback.play('a', audio);
    await clock.advance(30);
    playback.hold();
    await clock.advance(100);
    playback.resume();
    await clock.advance(200);
    expect(output.played.filter((sample) => sample === 7)).toHaveLength(OUTPUT_FRAME_SAMPLES + 10);
  });

  it('begins at full volume after an utterance that ended at a low one', async () => {
    const { clock, output, playback } = setUp();
    const loud = (): UtteranceAudio => {
      const audio = new UtteranceAudio();
      audio.append({ pcm: new Int16Array(5 * OUTPUT_FRAME_SAMPLES).fill(1_000), marks: [] });
      audio.finish('complete');
      return audio;
    };
    playback.play('a', loud());
    playback.duck();
    await clock.advance(500);
    playback.restore();
    const from = output.played.length;
    playback.play('b', loud());
    await clock.advance(500);
    expect(output.played.slice(from).filter((sample) => sample !== 0)).toEqual(
      Array.from({ length: 5 * OUTPUT_FRAME_SAMPLES }, () => 1_000),
    );
  });

  it('cut while held ends with what was heard before', async () => {
    const { clock, playback, ended } = setUp();
    playback.play('a', speech('One two three four five.'));
    await clock.advance(410);
    playback.hold();
    await clock.advance(300);
    playback.cut('a', 'now');
    await clock.advance(20);
    expect(ended()).toMatchObject({ heard: 'One two' });
  });

  it('ducks by 12 dB without a click and comes back', async () => {
    const { clock, output, playback } = setUp();
    const audio = new UtteranceAudio();
    audio.append({ pcm: new Int16Array(OUTPUT_RATE).fill(10_000), marks: [] });
    audio.finish('complete');
    playback.play('a', audio);
    await clock.advance(200);
    playback.duck();
    await clock.advance(200);
    playback.restore();
    await clock.advance(1_000);
    const { played } = output;
    expect(Math.min(...played.slice(0, OUTPUT_RATE).filter(Boolean))).toBe(2_500);
    expect(played[OUTPUT_RATE - 1]).toBe(10_000);
    const steps = played.slice(1, OUTPUT_RATE).map((sample, i) => Math.abs(sample - (played[i] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(50);
  });

  it('ends an utterance whose voice failed with what there was', async () => {
    const { clock, playback, ended } = setUp();
    const audio = new UtteranceAudio();
    audio.append({
      pcm: new Int16Array(4_800),
      marks: [...'Yes, '].map((char, i) => ({ char, startMs: i * 40 })),
    });
    audio.finish('failed');
    playback.play('a', audio);
    await clock.advance(500);
    expect(ended()).toMatchObject({ heard: 'Yes,', outcome: 'failed' });
  });

  it('ends an utterance when the room is gone', async () => {
    const { clock, output, playback, ended } = setUp();
    playback.play('a', speech('One two three.'));
    await clock.advance(100);
    output.broken = true;
    await clock.advance(500);
    expect(ended()).toMatchObject({ outcome: 'failed' });
  });

  it('ignores a cut of something else', async () => {
    const { clock, playback, ended } = setUp();
    playback.play('a', speech('One two three.'));
    playback.cut('b', 'now');
    await clock.advance(2_000);
    expect(ended()).toMatchObject({ utteranceId: 'a', outcome: 'complete' });
  });
});

describe('audio of a broken voice', () => {
  it('takes back what nobody has read yet', () => {
    const audio = speech('One two three.');
    audio.read(0, 2_400, new Int16Array(2_400));
    audio.truncate(200);
    expect(audio.durationMs).toBe(200);
    expect(audio.marks.map(({ char }) => char).join('')).toBe('One ');
    audio.truncate(50);
    expect(audio.durationMs).toBe(100);
  });
});
