import { describe, expect, it } from 'vitest';
import { INPUT_FRAME_SAMPLES } from '../../src/audio/format.ts';
import type { ConversationEvent } from '../../src/conversation/event.ts';
import type { Recogniser } from '../../src/perception/recogniser.ts';
import type { SpeechDetector, SpeechEvent } from '../../src/perception/speechDetector.ts';
import { Ears } from '../../src/session/ears.ts';
import { LOOK_AUDIO } from '../../src/session/lookAudio.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const LEAD_MS = LOOK_AUDIO.leadMs;
const TAIL_MS = LOOK_AUDIO.tailMs.ended;

function setUp() {
  const clock = new VirtualClock();
  const events: ConversationEvent[] = [];
  const commits: string[] = [];
  const heardMs: number[] = [];
  let due: readonly SpeechEvent[] = [];
  const detector: SpeechDetector = {
    push() {
      const now = due;
      due = [];
      return Promise.resolve(now);
    },
    close() {},
  };
  const recogniser: Recogniser = {
    async warm() {},
    async transcribe(pcm) {
      heardMs.push(pcm.length / 16);
      return 'words';
    },
    async close() {},
  };
  const ears = new Ears({
    stt: {
      open: () => ({ write() {}, commit: (id) => commits.push(id), async close() {} }),
    },
    detector,
    recogniser,
    clock,
    log: silentLogger,
    dispatch: (event) => events.push(event),
  });
  /** Audio of so many ms, at whose end the detector tells this. */
  const hear = async (ms: number, ...told: readonly SpeechEvent[]) => {
    for (let at = 20; at <= ms; at += 20) {
      if (at >= ms) due = told;
      ears.hear(new Int16Array(INPUT_FRAME_SAMPLES).fill(100));
    }
    await clock.advance(0);
  };
  /** With the next frame. */
  const tell = (...told: readonly SpeechEvent[]) => {
    due = told;
  };
  return { ears, recogniser, clock, tell, events, commits, heardMs, hear };
}

describe('the ears', () => {
  async function paused() {
    const call = setUp();
    await call.hear(600, { type: 'speechStarted', onsetMs: 500 });
    await call.hear(900, { type: 'speechPausing', endMs: 1_420, silenceMs: 80 });
    return call;
  }

  it('hear locally what was said up to a silence, before it is known to be the end', async () => {
    const { ears, events, hear, heardMs } = await paused();
    expect(events.at(-1)).toEqual({ type: 'user.pausing', silenceMs: 80 });
    ears.look('a', true);
    expect(heardMs).toEqual([LEAD_MS + 920 + TAIL_MS]);
    await hear(20);
    expect(events.at(-1)).toMatchObject({ type: 'user.heard', lookId: 'a', ms: 920 });
  });

  it('hear what follows a commit as a stretch of its own, as the vendor does', async () => {
    const { ears, events, hear, heardMs, commits } = await paused();
    ears.commit('c1');
    await hear(100, { type: 'speechWentOn' });
    expect(events.at(-1)).toEqual({ type: 'user.wentOn' });
    await hear(800, { type: 'speechPausing', endMs: 2_320, silenceMs: 80 });
    ears.look('b', true);
    expect(commits).toEqual(['c1']);
    expect(heardMs).toEqual([LEAD_MS + 2_320 - 1_420 + TAIL_MS]);
  });

  it('hear it all where the silence was too short to commit', async () => {
    const { ears, hear, heardMs } = await paused();
    await hear(100, { type: 'speechWentOn' });
    await hear(800, { type: 'speechEnded', endMs: 2_200, silenceMs: 200 });
    ears.look('b', true);
    expect(heardMs).toEqual([LEAD_MS + 1_700 + TAIL_MS]);
  });

  it('pass on how sure the recogniser is', async () => {
    const { ears, events, recogniser, hear } = await paused();
    recogniser.hear = async () => ({ text: 'No.', sure: [0.9, 0.8] });
    ears.look('a', true);
    await hear(20);
    expect(events.at(-1)).toEqual({
      type: 'user.heard',
      lookId: 'a',
      text: 'No.',
      ms: 920,
      sure: [0.9, 0.8],
    });
  });

  it('tell of the first sign of speech, and that it was none', async () => {
    const { events, hear } = setUp();
    await hear(100, { type: 'speechRising' });
    await hear(20, { type: 'speechFell' });
    expect(events).toEqual([{ type: 'user.maySpeak' }, { type: 'user.saidNothing' }]);
  });

  it('take audio that stops at the first sign of speech for silence', async () => {
    const { clock, events, hear, tell } = setUp();
    await hear(100, { type: 'speechRising' });
    tell({ type: 'speechFell' });
    await clock.advance(1_000);
    expect(events.at(-1)).toEqual({ type: 'user.saidNothing' });
  });

  it('hear through a short silence what is said over us', async () => {
    const { ears, heardMs } = await paused();
    ears.look('over us', false);
    expect(heardMs).toEqual([LEAD_MS + 1_000 + LOOK_AUDIO.tailMs.goingOn]);
  });
});
