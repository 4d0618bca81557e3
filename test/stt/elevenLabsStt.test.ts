import { afterEach, describe, expect, it } from 'vitest';
import type { OfflineElevenLabsOptions } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { createElevenLabsStt } from '../../src/stt/elevenLabsStt.ts';
import { STT_ERROR_TYPES } from '../../src/stt/sttFrames.ts';
import type { SttTuning } from '../../src/stt/sttTuning.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { silence, tone } from '../offline-elevenlabs/fakeModels.ts';
import { type Started, startOffline } from '../offline-elevenlabs/startOffline.ts';
import { speechToTextContract } from './contract.ts';
import { type Listening, listen } from './listen.ts';

const KEY = 'test-key-7f3a';
const QUICK = { retry: { baseMs: 5, maxMs: 20, attempts: 4 } };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function call(
  options: {
    offline?: Partial<OfflineElevenLabsOptions>;
    tuning?: Partial<SttTuning>;
    apiKey?: string;
    model?: string;
    before?: (started: Started) => void;
  } = {},
): Promise<Started & { line: Listening }> {
  const started = await startOffline(options.offline);
  closers.push(started.close);
  options.before?.(started);
  const { apiKey = KEY, tuning, model } = options;
  const stt = createElevenLabsStt({
    apiKey,
    baseUrl: started.origin,
    language: 'en-GB',
    clock: systemClock,
    tuning: { ...QUICK, ...tuning },
    ...(model ? { model } : {}),
  });
  const line = listen(stt);
  closers.push(() => line.stream.close());
  return { ...started, line };
}

speechToTextContract('ElevenLabs on the offline vendor', async () => {
  const { origin, close } = await startOffline();
  return {
    stt: createElevenLabsStt({ apiKey: KEY, baseUrl: origin, language: 'en', clock: systemClock }),
    first: { frames: tone(3, 600), text: /^w3:30$/ },
    second: { frames: tone(5, 800), text: /^w5:40$/ },
    close,
  };
});

describe('connection', () => {
  it('keeps what is said before the session starts', async () => {
    const { line } = await call({ offline: { latency: { sttSessionMs: 100 } } });
    line.say(tone(2, 400));
    line.stream.commit('early');
    expect(line.events).toEqual([]);
    expect(await line.text('early')).toBe('w2:20');
    expect(line.events[0]).toEqual({ type: 'connected' });
  });

  it('fails for good with VA_STT_AUTH on a wrong key, naming the setting and not the key', async () => {
    const { line } = await call({ apiKey: 'invalid-secret' });
    const { error } = await line.next('failed');
    expect(error).toMatchObject({ code: 'VA_STT_AUTH', retryable: false });
    expect(error.message).toContain('ELEVENLABS_API_KEY');
    expect(error.message).not.toContain('invalid-secret');
  });

  it('fails for good on an unknown model, naming the setting', async () => {
    const { line } = await call({ model: 'scribe_v9' });
    const { error } = await line.next('failed');
    expect(error).toMatchObject({ code: 'VA_STT_FAILED', retryable: false });
    expect(error.message).toContain('STT_MODEL');
  });

  it('gives up when nobody answers at the address, after its retries', async () => {
    const line = listen(
      createElevenLabsStt({
        apiKey: KEY,
        baseUrl: 'http://127.0.0.1:9',
        language: 'en',
        clock: systemClock,
        tuning: QUICK,
      }),
    );
    closers.push(() => line.stream.close());
    const { error } = await line.next('failed');
    expect(error.message).toContain('ELEVENLABS_BASE_URL');
    expect(line.events.map((event) => event.type)).toEqual(['reconnecting', 'failed']);
  });

  it('counts a socket without session_started as lost', async () => {
    const { line, vendor } = await call({
      tuning: { sessionTimeoutMs: 1_500 },
      before: ({ vendor }) => vendor.failNext({ service: 'stt', at: 'connect', do: 'hang' }),
    });
    const { error } = await line.next('reconnecting');
    expect(error.message).toContain('1500 ms');
    await line.next('connected');
    expect(vendor.stats.sttSessions).toBe(2);
  });

  it.each([401, 403])('treats HTTP %d at the upgrade as a refused key', async (status) => {
    const { line } = await call({
      before: ({ vendor }) => vendor.failNext({ service: 'stt', at: 'connect', do: 'refuse', status }),
    });
    expect((await line.next('failed')).error.code).toBe('VA_STT_AUTH');
  });

  it('tries again after HTTP 503 at the upgrade', async () => {
    const { line } = await call({
      before: ({ vendor }) => vendor.failNext({ service: 'stt', at: 'connect', do: 'refuse', status: 503 }),
    });
    await line.next('connected');
    expect(line.events[0]?.type).toBe('reconnecting');
  });
});

describe('error frames', () => {
  const terminal = ['auth_error', 'quota_exceeded', 'unaccepted_terms'];

  it.each(STT_ERROR_TYPES.filter((type) => !terminal.includes(type)))(
    '%s: reconnects and loses no words',
    async (error) => {
      const { line, vendor } = await call();
      await line.next('connected');
      vendor.failNext({ service: 'stt', at: 'commit', do: 'error', error });
      line.say(tone(4, 500));
      line.stream.commit('a');
      line.say(tone(6, 300));
      expect(await line.text('a')).toBe('w4:25');
      line.stream.commit('b');
      expect(await line.text('b')).toBe('w6:15');
      const away = await line.next('reconnecting');
      expect(away.error).toMatchObject({ code: 'VA_STT_FAILED', retryable: true });
      expect(away.error.message).toContain(error);
    },
  );

  it.each(terminal)('%s: fails for good with the cure', async (error) => {
    const { line, vendor } = await call();
    await line.next('connected');
    vendor.failNext({ service: 'stt', at: 'audio', do: 'error', error, message: `no more, ${KEY}` });
    line.say(tone(4, 500));
    const { error: failure } = await line.next('failed');
    expect(failure.retryable).toBe(false);
    expect(failure.code).toBe(error === 'auth_error' ? 'VA_STT_AUTH' : 'VA_STT_FAILED');
    expect(failure.message).toMatch(/ELEVENLABS_API_KEY|accept them/);
    expect(failure.message).not.toContain(KEY);
    line.say(tone(4, 500));
    line.stream.commit('after');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(line.events.at(-1)?.type).toBe('failed');
  });
});

describe('losing the connection', () => {
  it('replays a sentence that was cut in the middle: every frame once, in order', async () => {
    const { line, vendor } = await call();
    vendor.failNext({ service: 'stt', at: 'audio', afterMs: 700, do: 'drop' });
    line.say(tone(2, 400));
    line.say(tone(3, 400));
    await line.next('reconnecting');
    line.say(tone(5, 400));
    line.stream.commit('sentence');
    expect(await line.text('sentence')).toBe('w2:20 w3:20 w5:20');
    expect(vendor.stats.sttSessions).toBe(2);
  });

  it('sends unanswered commits again, and answered ones not', async () => {
    const { line, vendor } = await call();
    line.say(tone(1, 400));
    line.stream.commit('a');
    await line.text('a');
    vendor.setLatency({ sttCommitMs: 60_000 });
    line.say(tone(2, 400));
    line.stream.commit('b');
    line.say(tone(3, 400));
    line.stream.commit('c');
    await new Promise((resolve) => setTimeout(resolve, 50));
    vendor.setLatency({ sttCommitMs: 0 });
    vendor.dropConnections();
    expect(await line.text('c')).toBe('w3:20');
    expect(await line.text('b')).toBe('w2:20');
    expect(vendor.stats.heard).toEqual(['w1:20', 'w2:20', 'w3:20']);
  });

  it('takes a close with 1000 for a loss as well', async () => {
    const { line, vendor } = await call();
    vendor.failNext({ service: 'stt', at: 'audio', do: 'close', code: 1000 });
    line.say(tone(2, 400));
    await line.next('reconnecting');
    line.stream.commit('a');
    expect(await line.text('a')).toBe('w2:20');
  });

  it('reconnects when a commit is not answered', async () => {
    const { line, vendor } = await call({ tuning: { answerTimeoutMs: 150, answerTimeoutPerAudio: 0 } });
    await line.next('connected');
    vendor.failNext({ service: 'stt', at: 'commit', do: 'hang' });
    line.say(tone(2, 400));
    line.stream.commit('a');
    expect(await line.text('a')).toBe('w2:20');
    expect((await line.next('reconnecting')).error.message).toContain('150 ms');
  });

  it('leaves a commit behind that breaks every connection, with an empty text', async () => {
    const { line, vendor } = await call({ tuning: { deliveries: 2 } });
    await line.next('connected');
    vendor.failNext({ service: 'stt', at: 'commit', do: 'drop' }, 2);
    line.say(tone(2, 400));
    line.stream.commit('poison');
    line.say(tone(3, 400));
    line.stream.commit('next');
    expect(await line.text('poison')).toBe('');
    expect(await line.text('next')).toBe('w3:20');
  });

  it('gives up when every session breaks before an answer', async () => {
    const { line, vendor } = await call({ tuning: { deliveries: 100 } });
    vendor.failNext({ service: 'stt', at: 'commit', do: 'drop' }, Number.POSITIVE_INFINITY);
    line.say(tone(2, 400));
    line.stream.commit('a');
    const { error } = await line.next('failed');
    expect(error).toMatchObject({ code: 'VA_STT_FAILED', retryable: false });
    expect(line.events.filter((event) => event.type === 'connected')).toHaveLength(5);
  });

  it('has its retries back after an answer', async () => {
    const { line, vendor } = await call();
    for (let round = 1; round <= 7; round++) {
      vendor.failNext({ service: 'stt', at: 'commit', do: 'drop' });
      line.say(tone(2, 400));
      line.stream.commit(`round ${round}`);
      expect(await line.text(`round ${round}`)).toBe('w2:20');
    }
    expect(line.events.some((event) => event.type === 'failed')).toBe(false);
  });
});

describe('rules of the wire', () => {
  it('fills a short segment up with silence: commit_throttled never happens', async () => {
    const { line, vendor } = await call();
    for (const ms of [20, 100, 280, 300]) {
      line.say(tone(2, ms));
      line.stream.commit(`${ms}`);
      expect(await line.text(`${ms}`)).toBe(`w2:${ms / 20}`);
    }
    expect(vendor.stats.sttSessions).toBe(1);
  });

  it('commits by itself before the server would, and joins the pieces for the next commit', async () => {
    const { line, vendor } = await call({
      offline: { limits: { sttAutoCommitMs: 1440 } },
      tuning: { forceCommitMs: 1000 },
    });
    line.say([...tone(2, 800), ...tone(3, 800), ...tone(4, 800), ...tone(5, 100)]);
    line.stream.commit('long');
    expect(await line.text('long')).toBe('w2:40 w3:10 w3:30 w4:20 w4:20 w5:5');
    expect(vendor.stats.heard).toHaveLength(3);
    expect(line.events.filter((event) => event.type === 'committed')).toHaveLength(1);
  });

  it('keeps an unasked commit’s words for the next commit', async () => {
    const { line, vendor } = await call({ offline: { limits: { sttAutoCommitMs: 800 } } });
    await line.next('connected');
    line.say(tone(2, 960));
    await expect.poll(() => vendor.stats.heard.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    line.say(tone(3, 480));
    line.stream.commit('a');
    expect(await line.text('a')).toBe('w2:40 w2:8 w3:24');
  });

  it('keeps a quiet connection alive with 20 ms of silence', async () => {
    const { line, vendor } = await call({
      offline: { limits: { sttIdleMs: 2_000 } },
      tuning: { keepaliveMs: 400 },
    });
    await line.next('connected');
    line.say(tone(2, 100));
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    line.say(tone(3, 100));
    line.stream.commit('a');
    expect(await line.text('a')).toBe('w2:5 w3:5');
    expect(vendor.stats.sttSessions).toBe(1);
  });

  it('is cut off by the server without that', async () => {
    const { line } = await call({ offline: { limits: { sttIdleMs: 100 } }, tuning: { keepaliveMs: 60_000 } });
    await line.next('reconnecting');
  });

  it('sends each frame of a replay within the size limit', async () => {
    const { line, vendor } = await call({
      offline: { limits: { sttChunkBytes: 16_000 }, latency: { sttSessionMs: 50 } },
    });
    line.say(tone(2, 5000));
    line.stream.commit('a');
    expect(await line.text('a')).toBe('w2:250');
    expect(vendor.stats.sttSessions).toBe(1);
  });

  it('passes partials on, but not one that only echoes the last commit', async () => {
    const { line } = await call({
      offline: {
        limits: { sttPartialFromMs: 200, sttPartialEveryMs: 200 },
        quirks: { staleEchoPartial: true },
      },
    });
    await line.next('connected');
    line.say(tone(2, 240));
    expect((await line.next('partial')).text).toMatch(/^w2:\d+$/);
    line.stream.commit('a');
    await line.text('a');
    const seen = line.events.length;
    line.stream.commit('b');
    await line.text('b');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(line.events.slice(seen).some((event) => event.type === 'partial')).toBe(false);
  });

  it('hears silence between as nothing', async () => {
    const { line } = await call();
    line.say(silence(600));
    line.stream.commit('a');
    line.say([...silence(400), ...tone(7, 400), ...silence(400)]);
    line.stream.commit('b');
    expect(await line.text('b')).toBe('w7:20');
    expect(await line.text('a')).toBe('');
  });
});
