import { afterEach, describe, expect, it } from 'vitest';
import type { OfflineElevenLabsOptions } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { STT_ERROR_TYPES } from '../../src/stt/sttFrames.ts';
import { silence, tone, toneRecogniser } from './fakeModels.ts';
import { RawSocket } from './rawSocket.ts';
import { startOffline } from './startOffline.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: Partial<OfflineElevenLabsOptions> = {}) {
  const started = await startOffline(options);
  closers.push(started.close);
  const connect = (query = '', key: string | null = 'good-key') => {
    const url = `${started.origin.replace('http', 'ws')}/v1/speech-to-text/realtime?model_id=scribe_v2_realtime${query}`;
    const socket = new RawSocket(url, key);
    closers.push(() => socket.close());
    return socket;
  };
  return { ...started, connect };
}

function chunk(frames: readonly Int16Array[], more: object = {}): object {
  const bytes = Buffer.concat(frames.map((pcm) => Buffer.from(pcm.buffer)));
  return {
    message_type: 'input_audio_chunk',
    audio_base_64: bytes.toString('base64'),
    commit: false,
    sample_rate: 16_000,
    ...more,
  };
}

const commit = chunk([], { commit: true });

describe('offline speech-to-text', () => {
  it('starts a session with the recorded keys, and ignores parameters it does not know', async () => {
    const { connect } = await start();
    const socket = connect('&not_a_real_param=1&language_code=en&audio_format=pcm_24000');
    const frame = await socket.untilType('session_started');
    expect(frame.session_id).toMatch(/^[0-9a-f]{32}$/);
    expect(Object.keys(Object(frame.config))).toEqual([
      'sample_rate',
      'audio_format',
      'language_code',
      'secondary_languages',
      'timestamps_granularity',
      'vad_commit_strategy',
      'vad_silence_threshold_secs',
      'vad_threshold',
      'min_speech_duration_ms',
      'min_silence_duration_ms',
      'max_tokens_to_recompute',
      'model_id',
      'disable_logging',
      'include_timestamps',
      'include_language_detection',
      'filter_background_audio',
      'keyterms',
      'no_verbatim',
      'entity_detection',
    ]);
    expect(frame.config).toMatchObject({
      sample_rate: 24_000,
      language_code: 'en',
      vad_commit_strategy: false,
    });
  });

  it.each(['invalid-key', null, ''])(
    'accepts the upgrade with key %j, then auth_error and 1000',
    async (key) => {
      const { connect } = await start();
      const socket = connect('', key);
      await socket.opened;
      expect(await socket.closed).toEqual({ code: 1000, reason: '' });
      expect(socket.frames).toEqual([
        { message_type: 'auth_error', error: 'You must be authenticated to use this endpoint.' },
      ]);
    },
  );

  it.each([
    '&vad_threshold=0.95',
    '&vad_silence_threshold_secs=0.2',
    '&min_speech_duration_ms=49',
    '&min_silence_duration_ms=2001',
    '&audio_format=pcm_32000',
    '&language_code=ru-RU',
    '&commit_strategy=sometimes',
    '&keyterms=a-term-of-more-than-twenty-characters',
    '&include_timestamps=true&filter_background_audio=true',
  ])('%s: invalid_request after the upgrade', async (query) => {
    const { connect } = await start();
    const socket = connect(query);
    await socket.opened;
    expect((await socket.closed).code).toBe(1000);
    expect(socket.frames.map((frame) => frame.message_type)).toEqual(['invalid_request']);
  });

  it('lets a single-use token in once', async () => {
    const { connect, origin } = await start();
    const answer = await fetch(`${origin}/v1/single-use-token/realtime_scribe`, {
      method: 'POST',
      headers: { 'xi-api-key': 'good-key' },
    });
    const { token } = Object(await answer.json());
    await connect(`&token=${token}`, null).untilType('session_started');
    await connect(`&token=${token}`, 'good-key').untilType('auth_error');
    const denied = await fetch(`${origin}/v1/single-use-token/realtime_scribe`, { method: 'POST' });
    expect(denied.status).toBe(401);
    const unknown = await fetch(`${origin}/v1/single-use-token/no_such_type`, {
      method: 'POST',
      headers: { 'xi-api-key': 'good-key' },
    });
    expect(unknown.status).toBe(422);
  });

  it('answers N commits with N texts in order, from faster-than-real-time audio', async () => {
    const { connect } = await start({ recogniser: toneRecogniser({ delayMs: 10 }) });
    const socket = connect();
    for (const word of [1, 2, 3]) {
      await socket.untilType('session_started');
      socket.send(chunk(tone(word, 400), { commit: true }));
    }
    await socket.untilType('committed_transcript', 3);
    expect(socket.ofType('committed_transcript').map((frame) => frame.text)).toEqual([
      'w1:20',
      'w2:20',
      'w3:20',
    ]);
    expect(socket.ofType('committed_transcript')[0]).toEqual({
      message_type: 'committed_transcript',
      text: 'w1:20',
    });
  });

  it('waits out the rest of an injected latency, counted from the commit', async () => {
    const { connect } = await start({
      latency: { sttCommitMs: 150 },
      recogniser: toneRecogniser({ delayMs: 60 }),
    });
    const socket = connect();
    await socket.untilType('session_started');
    const before = performance.now();
    socket.send(chunk(tone(1, 400), { commit: true }));
    socket.send(chunk(tone(2, 400), { commit: true }));
    await socket.untilType('committed_transcript', 2);
    expect(performance.now() - before).toBeGreaterThanOrEqual(148);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it.each([
    [0, '0.00'],
    [280, '0.28'],
  ])('throttles a commit after %d ms of audio', async (ms, said) => {
    const { connect } = await start();
    const socket = connect();
    await socket.untilType('session_started');
    if (ms > 0) socket.send(chunk(tone(1, ms)));
    socket.send(commit);
    expect(await socket.closed).toEqual({ code: 1000, reason: 'commit_throttled' });
    expect((await socket.untilType('commit_throttled')).error).toBe(
      `Commit request ignored: only ${said}s of uncommitted audio. You need at least 0.3s of uncommitted audio before committing.`,
    );
  });

  it('counts seconds by format', async () => {
    const { connect } = await start();
    const socket = connect('&audio_format=ulaw_8000');
    await socket.untilType('session_started');
    socket.send({ audio_base_64: Buffer.alloc(2400, 0xff).toString('base64') });
    socket.send({ audio_base_64: '', commit: true });
    expect((await socket.untilType('committed_transcript')).text).toBe('');
    socket.send({ audio_base_64: Buffer.alloc(2000, 0xff).toString('base64'), commit: true });
    await socket.untilType('commit_throttled');
  });

  it('hears silence as an empty text', async () => {
    const { connect } = await start();
    const socket = connect();
    await socket.untilType('session_started');
    socket.send(chunk(silence(800), { commit: true }));
    expect((await socket.untilType('committed_transcript')).text).toBe('');
  });

  it('sends partials from 2 s of audio on, about one per second', async () => {
    const { connect } = await start();
    const socket = connect();
    await socket.untilType('session_started');
    for (let at = 0; at < 95; at++) {
      socket.send(chunk(tone(1, 40)));
      if (at === 48) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(socket.ofType('partial_transcript')).toHaveLength(0);
      }
    }
    socket.send(commit);
    await socket.untilType('committed_transcript');
    expect(socket.ofType('partial_transcript').length).toBeLessThanOrEqual(2);
    socket.send(chunk(tone(2, 1500)));
    const partial = await socket.until((frame) => frame.text === 'w2:75');
    expect(partial.message_type).toBe('partial_transcript');
  });

  it.each([
    [false, ['committed_transcript', 'committed_transcript_with_timestamps']],
    [true, ['committed_transcript_with_timestamps', 'committed_transcript']],
  ])('sends the timed frame too (first: %s), with times of the whole stream', async (timedFirst, order) => {
    const { connect } = await start({ quirks: { timedFirst } });
    const socket = connect('&include_timestamps=true&include_language_detection=true');
    await socket.untilType('session_started');
    socket.send(chunk(tone(1, 1000), { commit: true }));
    await socket.untilType('committed_transcript_with_timestamps');
    socket.send(chunk([...silence(400), ...tone(2, 400)], { commit: true }));
    const timed = await socket.untilType('committed_transcript_with_timestamps', 2);
    await socket.untilType('committed_transcript', 2);
    expect(socket.frames.slice(1).map((frame) => frame.message_type)).toEqual([...order, ...order]);
    const words = timed.words as {
      text: string;
      start: number;
      end: number;
      type: string;
      characters: object[];
    }[];
    expect(words.map((word) => word.text).join('')).toBe(timed.text);
    expect(words[0]?.start).toBeCloseTo(1.4, 2);
    expect(words.at(-1)?.end).toBeCloseTo(1.8, 2);
    expect(words[0]).toMatchObject({ type: 'word', speaker_id: null, channel_index: null });
    expect(words[0]?.characters[0]).toMatchObject({ text: 'w' });
  });

  it('has no words when only the language is asked for', async () => {
    const { connect } = await start();
    const socket = connect('&include_language_detection=true');
    await socket.untilType('session_started');
    socket.send(chunk(tone(1, 400), { commit: true }));
    expect(await socket.untilType('committed_transcript_with_timestamps')).toMatchObject({
      language_code: 'en',
      words: null,
    });
  });

  it('echoes a stale partial when asked to', async () => {
    const { connect } = await start({ quirks: { staleEchoPartial: true } });
    const socket = connect();
    await socket.untilType('session_started');
    socket.send(chunk(tone(1, 400), { commit: true }));
    await socket.untilType('partial_transcript');
    expect(socket.frames.map((frame) => frame.message_type).slice(1)).toEqual([
      'committed_transcript',
      'partial_transcript',
    ]);
  });

  it('commits by itself at 36 s of uncommitted audio', async () => {
    const { connect } = await start();
    const socket = connect();
    await socket.untilType('session_started');
    for (let second = 0; second < 36; second++) socket.send(chunk(tone(1, 1000)));
    const heard = String((await socket.untilType('committed_transcript')).text);
    const frames = heard.split(' ').map((word) => Number(word.split(':')[1]));
    expect(frames.reduce((sum, one) => sum + one, 0)).toBe(1800);
  });

  it('commits at pauses with server VAD, and on request as well', async () => {
    const { connect } = await start();
    const socket = connect('&commit_strategy=vad&vad_silence_threshold_secs=0.4');
    await socket.untilType('session_started');
    for (const frame of [...tone(1, 400), ...silence(500), ...tone(2, 400)]) socket.send(chunk([frame]));
    expect((await socket.untilType('committed_transcript')).text).toBe('w1:20');
    socket.send(commit);
    expect((await socket.untilType('committed_transcript', 2)).text).toBe('w2:20');
  });

  it('takes previous_text on the first message only', async () => {
    const { connect } = await start();
    const socket = connect();
    await socket.untilType('session_started');
    socket.send(chunk([], { previous_text: 'How can I help?' }));
    socket.send(chunk(tone(1, 400), { commit: true }));
    await socket.untilType('committed_transcript');
    socket.send(chunk([], { previous_text: 'Again.' }));
    await socket.untilType('input_error');
    expect((await socket.closed).code).toBe(1000);
  });

  it.each([[{ message_type: 'commit' }], ['no json'], [{ message_type: 'input_audio_chunk' }]])(
    'refuses %j',
    async (message) => {
      const { connect } = await start();
      const socket = connect();
      await socket.untilType('session_started');
      socket.send(message);
      await socket.untilType('input_error');
    },
  );

  it('refuses an oversized chunk', async () => {
    const { connect } = await start({ limits: { sttChunkBytes: 1000 } });
    const socket = connect();
    await socket.untilType('session_started');
    socket.send(chunk(tone(1, 100)));
    await socket.untilType('chunk_size_exceeded');
  });

  it('ends a session at its time limit', async () => {
    const { connect } = await start({ limits: { sttSessionMs: 50 } });
    await connect().untilType('session_time_limit_exceeded');
  });

  it('closes when no message comes, pings or not', async () => {
    const { connect, vendor } = await start({ limits: { sttIdleMs: 120 } });
    const socket = connect();
    await socket.untilType('session_started');
    const pings = setInterval(() => socket.ping(), 20);
    expect(await socket.closed).toEqual({ code: 1000, reason: '' });
    clearInterval(pings);
    vendor.setQuirks({ idleError: true });
    await connect().untilType('insufficient_audio_activity');
  });

  it.each(STT_ERROR_TYPES)('can fail with %s', async (error) => {
    const { connect, vendor } = await start();
    vendor.failNext({ service: 'stt', at: 'audio', do: 'error', error, message: 'injected' });
    const socket = connect();
    await socket.untilType('session_started');
    socket.send(chunk(tone(1, 100)));
    expect(await socket.untilType(error)).toEqual({ message_type: error, error: 'injected' });
    expect((await socket.closed).code).toBe(1000);
  });

  it('can vanish without a close frame', async () => {
    const { connect, vendor } = await start();
    vendor.failNext({ service: 'stt', at: 'audio', afterMs: 150, do: 'drop' });
    const socket = connect();
    await socket.untilType('session_started');
    socket.send(chunk(tone(1, 100)));
    socket.send(chunk(tone(1, 100)));
    expect((await socket.closed).code).toBe(1006);
  });
});
