import { afterEach, describe, expect, it } from 'vitest';
import type { OfflineElevenLabsOptions } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { createElevenLabsTts, type ElevenLabsTtsOptions } from '../../src/tts/elevenLabsTts.ts';
import type { TextToSpeech } from '../../src/tts/textToSpeech.ts';
import { MS_PER_CHAR, toneVoice } from '../offline-elevenlabs/fakeModels.ts';
import { type Started, startOffline } from '../offline-elevenlabs/startOffline.ts';
import { collect, pushable, texts } from './collect.ts';
import { textToSpeechContract } from './contract.ts';

const KEY = 'test-key-7f3a';
const never = () => new AbortController().signal;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function client(origin: string, options: Partial<ElevenLabsTtsOptions> = {}): TextToSpeech {
  const tts = createElevenLabsTts({
    apiKey: KEY,
    baseUrl: origin,
    voiceId: 'JBFqnCBsd6RMkjVDRZzb',
    language: 'en-GB',
    clock: systemClock,
    ...options,
    tuning: { settleMs: 50, ...options.tuning },
  });
  closers.push(() => tts.close());
  return tts;
}

async function pair(
  options: Partial<ElevenLabsTtsOptions> = {},
  offline: Partial<OfflineElevenLabsOptions> = {},
): Promise<Started & { tts: TextToSpeech }> {
  const started = await startOffline(offline);
  closers.push(started.close);
  return { ...started, tts: client(started.origin, options) };
}

const say = (tts: TextToSpeech, ...clauses: string[]) =>
  collect(tts.speak(texts(...clauses), { signal: never() }));

textToSpeechContract('ElevenLabs on the offline vendor', async () => {
  const { origin, close } = await startOffline();
  return {
    tts: createElevenLabsTts({
      apiKey: KEY,
      baseUrl: origin,
      voiceId: 'v',
      clock: systemClock,
      tuning: { settleMs: 20 },
    }),
    close,
  };
});

describe('marks', () => {
  const said = ['Good morning to you!', 'A.', 'It is 3.5 degrees outside, as ever.'];
  const length = said.map((clause) => clause.length * MS_PER_CHAR);

  it.each([
    ['times restart with each generation', {}],
    ['times run through the context', { alignmentBase: 'context' }],
    ['times restart with each frame', { alignmentBase: 'frame' }],
    ['snake case', { contextKey: 'context_id', finalKey: 'is_final' }],
  ] as const)('are right when %s', async (_, quirks) => {
    const { tts } = await pair({}, { quirks });
    const { text, marks, ms } = await say(tts, ...said);
    expect(text).toBe(said.join(' '));
    expect(ms).toBe(length.reduce((sum, one) => sum + one, 0));
    const second = marks[said[0]?.length ? said[0].length + 1 : 0];
    const third = marks[said.slice(0, 2).join(' ').length + 1];
    expect([second?.char, third?.char]).toEqual(['A', 'I']);
    expect(second?.startMs).toBeCloseTo(length[0] ?? 0, -1);
    expect(third?.startMs).toBeCloseTo((length[0] ?? 0) + (length[1] ?? 0), -1);
  });

  it('are estimated when the vendor sends no alignment', async () => {
    const { tts } = await pair({}, { quirks: { noAlignment: true } });
    const { text, marks, ms } = await say(tts, ...said);
    expect(text).toBe(said.join(' '));
    expect(marks.at(-1)?.startMs).toBeLessThanOrEqual(ms);
    expect(marks.at(-1)?.startMs).toBeGreaterThan(ms / 2);
  });
});

describe('failures', () => {
  it('reports a wrong key as VA_TTS_AUTH from warm and from speak, without the key', async () => {
    const { origin } = await pair();
    const tts = client(origin, { apiKey: 'invalid-secret', tuning: { settleMs: 2000 } });
    const failure = {
      code: 'VA_TTS_AUTH',
      retryable: false,
      message: expect.stringContaining('ELEVENLABS_API_KEY'),
    };
    await expect(tts.warm()).rejects.toMatchObject(failure);
    await expect(say(tts, 'Hello.')).rejects.toMatchObject(failure);
    await expect(tts.warm()).rejects.not.toThrow('invalid-secret');
  });

  it('names the voice setting when the voice is unknown', async () => {
    const { origin } = await pair();
    const tts = client(origin, { voiceId: 'notARealVoiceId000000' });
    await tts.warm();
    await expect(say(tts, 'Hello.')).rejects.toMatchObject({
      code: 'VA_TTS_FAILED',
      retryable: false,
      message: expect.stringContaining('ELEVEN_VOICE_ID'),
    });
  });

  it('names the model setting when the socket does not serve the model', async () => {
    const { origin } = await pair();
    const tts = client(origin, { model: 'eleven_v3' });
    const failure = {
      code: 'VA_TTS_FAILED',
      retryable: false,
      message: expect.stringContaining('TTS_MODEL'),
    };
    await expect(tts.warm()).rejects.toMatchObject(failure);
    await expect(say(tts, 'Hello.')).rejects.toMatchObject(failure);
  });

  it('rejects with the address when nobody answers', async () => {
    const tts = client('http://127.0.0.1:9');
    const failure = {
      code: 'VA_TTS_FAILED',
      retryable: true,
      message: expect.stringContaining('ELEVENLABS_BASE_URL'),
    };
    await expect(tts.warm()).rejects.toMatchObject(failure);
    await expect(say(tts, 'Hello.')).rejects.toMatchObject(failure);
  });

  it.each([
    ['quota_exceeded', false],
    ['detected_unusual_activity', false],
    ['input_timeout_exceeded', true],
    ['something_new', true],
  ])('error %s: retryable %s, with a context id and without', async (error, retryable) => {
    for (const withContext of [false, true]) {
      const { tts, vendor } = await pair();
      vendor.failNext({
        service: 'tts',
        at: 'audio',
        afterMs: 1,
        do: 'error',
        error,
        message: `said ${KEY}`,
        withContext,
      });
      const failure = await say(tts, 'A sentence of some length.').catch((reason: unknown) => reason);
      expect(failure).toMatchObject({ code: 'VA_TTS_FAILED', retryable });
      expect(String(failure)).not.toContain(KEY);
      expect((await say(tts, 'Back again.')).text).toBe('Back again.');
    }
  });

  it('keeps what was yielded when the socket dies in mid-word, and speaks again afterwards', async () => {
    const { tts, vendor } = await pair();
    await tts.warm();
    vendor.failNext({ service: 'tts', at: 'audio', afterMs: 500, do: 'drop' });
    let samples = 0;
    const interrupted = (async () => {
      for await (const chunk of tts.speak(texts('A sentence that is cut off in the middle.'), {
        signal: never(),
      })) {
        samples += chunk.pcm.length;
      }
    })();
    await expect(interrupted).rejects.toMatchObject({ code: 'VA_TTS_FAILED', retryable: true });
    expect(samples / 24).toBeGreaterThanOrEqual(500);
    expect((await say(tts, 'In the middle.')).text).toBe('In the middle.');
  });

  it('says it again by itself when the warm socket dies before any audio', async () => {
    const { tts, vendor } = await pair();
    await tts.warm();
    vendor.failNext({ service: 'tts', at: 'text', do: 'drop' });
    const { text, ms } = await say(tts, 'Hello there.', 'How are you?');
    expect(text).toBe('Hello there. How are you?');
    expect(ms).toBe(24 * MS_PER_CHAR);
  });

  it('heals an idle socket silently', async () => {
    const { tts, vendor } = await pair({ tuning: { rewarmAfterMs: 0 } });
    await tts.warm();
    vendor.dropConnections();
    await expect.poll(() => vendor.stats.ttsSockets).toBe(2);
    expect((await say(tts, 'Still here.')).text).toBe('Still here.');
    expect(vendor.stats.ttsSockets).toBe(2);
  });

  it('takes plain silence for a failure; the second in a row is not worth another try', async () => {
    const { tts, vendor } = await pair({ tuning: { silenceMs: 600 } });
    vendor.failNext({ service: 'tts', at: 'text', do: 'hang' }, 2);
    const failure = (retryable: boolean) => ({
      code: 'VA_TTS_FAILED',
      retryable,
      message: expect.stringContaining('quota'),
    });
    await expect(say(tts, 'Hello.')).rejects.toMatchObject(failure(true));
    await expect(say(tts, 'Hello.')).rejects.toMatchObject(failure(false));
    expect((await say(tts, 'Hello.')).text).toBe('Hello.');
  });

  it('takes audio that stalls in mid-sentence for a failure', async () => {
    const { tts, vendor } = await pair({ tuning: { silenceMs: 600 } });
    vendor.failNext({ service: 'tts', at: 'audio', afterMs: 500, do: 'hang' });
    await expect(say(tts, 'A sentence that stalls in the middle.')).rejects.toMatchObject({
      retryable: true,
    });
  });

  it('does not take a slow writer for silence', async () => {
    const { tts } = await pair({ tuning: { silenceMs: 600 } });
    const source = pushable();
    const done = collect(tts.speak(source, { signal: never() }));
    source.push('Let me see.');
    await new Promise((resolve) => setTimeout(resolve, 1_800));
    source.push('Here it is.');
    source.end();
    expect((await done).text).toBe('Let me see. Here it is.');
  });
});

describe('contexts', () => {
  it('twenty quick cancels never open more than five at once, and the next utterance is whole', async () => {
    const { tts, vendor } = await pair(
      { tuning: { slotWaitMs: 5 } },
      { voice: toneVoice({ delayMs: 15 }), latency: { ttsFirstByteMs: 60 } },
    );
    await tts.warm();
    for (let round = 0; round < 20; round++) {
      const abort = new AbortController();
      const cut = collect(tts.speak(texts(`Round ${round}.`, 'And more of it.'), { signal: abort.signal }));
      await new Promise((resolve) => setTimeout(resolve, 5));
      abort.abort();
      const { text, ms } = await cut;
      expect(text.length).toBeLessThanOrEqual(Math.ceil(ms / MS_PER_CHAR));
    }
    expect((await say(tts, 'The last one.')).text).toBe('The last one.');
    expect(vendor.stats.ttsContextsPeak).toBeLessThanOrEqual(4);
    expect(vendor.stats.ttsContextsPeak).toBeGreaterThan(1);
  });

  it('drops the late audio of a cancelled utterance', async () => {
    const { tts } = await pair({}, { latency: { ttsFirstByteMs: 60 } });
    const abort = new AbortController();
    const cut = collect(tts.speak(texts('This comes too late.'), { signal: abort.signal }));
    setTimeout(() => abort.abort(), 30);
    expect((await cut).ms).toBe(0);
    const next = await say(tts, 'Right.');
    expect(next.ms).toBe(6 * MS_PER_CHAR);
  });

  it('keeps a context alive that waits long for its next clause', async () => {
    const { tts } = await pair({ tuning: { keepaliveMs: 250 } }, { limits: { ttsInactivityMs: 1_000 } });
    const source = pushable();
    const done = collect(tts.speak(source, { signal: never() }));
    source.push('Wait.');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    source.push('Done.');
    source.end();
    expect((await done).text).toBe('Wait. Done.');
  });

  it('refuses to speak once closed', async () => {
    const { tts } = await pair();
    await tts.close();
    await expect(say(tts, 'Hello.')).rejects.toMatchObject({ code: 'VA_TTS_FAILED' });
  });
});
