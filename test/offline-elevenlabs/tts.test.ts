import { afterEach, describe, expect, it } from 'vitest';
import type { OfflineElevenLabsOptions } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { MS_PER_CHAR, toneVoice } from './fakeModels.ts';
import { type Frame, RawSocket } from './rawSocket.ts';
import { startOffline } from './startOffline.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: Partial<OfflineElevenLabsOptions> = {}) {
  const voice = toneVoice();
  const started = await startOffline({ voice, ...options });
  closers.push(started.close);
  const dial =
    (kind: string) =>
    (query = '', key: string | null = 'good-key', voiceId = 'v1') => {
      const base = `${started.origin.replace('http', 'ws')}/v1/text-to-speech/${voiceId}/${kind}`;
      const socket = new RawSocket(`${base}?model_id=eleven_flash_v2_5&output_format=pcm_24000${query}`, key);
      closers.push(() => socket.close());
      return socket;
    };
  return { ...started, voice, multi: dial('multi-stream-input'), single: dial('stream-input') };
}

const audioMs = (frames: readonly Frame[], rate = 24_000) =>
  frames.reduce(
    (sum, { audio }) => sum + (typeof audio === 'string' ? Buffer.from(audio, 'base64').length : 0),
    0,
  ) /
  ((rate * 2) / 1000);

const isFinal = (id: string) => (frame: Frame) => frame.isFinal === true && frame.contextId === id;
const starts = (frame: Frame | undefined): number[] =>
  Reflect.get(Object(frame?.alignment), 'charStartTimesMs');

describe('offline text-to-speech, multi-context socket', () => {
  it('speaks flushed text at once in several frames, and is final only after close_context', async () => {
    const { multi } = await start();
    const socket = multi('&sync_alignment=true');
    await socket.opened;
    socket.send({ text: 'Hello there. ', context_id: 'c1', flush: true });
    await expect.poll(() => audioMs(socket.frames)).toBe(12 * MS_PER_CHAR);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(socket.frames.some((frame) => frame.isFinal)).toBe(false);
    socket.send({ context_id: 'c1', close_context: true });
    expect(await socket.until(isFinal('c1'))).toEqual({ isFinal: true, contextId: 'c1' });
    expect(socket.frames.length).toBeGreaterThanOrEqual(3);
    expect(Object.keys(socket.frames[0] ?? {})).toEqual([
      'audio',
      'isFinal',
      'alignment',
      'normalizedAlignment',
      'contextId',
    ]);
  });

  it('aligns every character over all of the audio; times restart with each generation', async () => {
    const { multi } = await start();
    const socket = multi('&sync_alignment=true');
    await socket.opened;
    socket.send({ text: 'Hello there, friend. ', context_id: 'c1', flush: true });
    socket.send({ text: 'Bye. ', context_id: 'c1', flush: true });
    socket.send({ context_id: 'c1', close_context: true });
    await socket.until(isFinal('c1'));
    const aligned = socket.frames.map((frame) => Object(frame.alignment)).filter((one) => one.chars);
    expect(aligned.flatMap((one) => one.chars).join('')).toBe('Hello there, friend. Bye. ');
    const durations: number[] = aligned.flatMap((one) => one.charDurationsMs);
    expect(durations.reduce((sum, one) => sum + one, 0)).toBe(audioMs(socket.frames));
    const second = aligned.find((one) => one.chars[0] === 'B');
    expect(second?.charStartTimesMs[0]).toBe(0);
    expect(Object(socket.frames[0]?.normalizedAlignment).chars[0]).toBe(' ');
  });

  it('aligns on the first frame of a generation only without sync_alignment', async () => {
    const { multi } = await start();
    const socket = multi();
    await socket.opened;
    socket.send({ text: 'Hello there, friend. ', context_id: 'c1', flush: true });
    await socket.until((frame) => typeof frame.audio === 'string', 2);
    expect(starts(socket.frames[0])).toHaveLength('Hello there, friend. '.length);
    expect(socket.frames[1]?.alignment).toBeNull();
  });

  it('buffers up to the schedule unless flushed; auto_mode speaks every message', async () => {
    const { multi, voice } = await start();
    const socket = multi();
    await socket.opened;
    socket.send({ text: ' ', context_id: 'c1', generation_config: { chunk_length_schedule: [50] } });
    socket.send({ text: 'Less than fifty characters. ', context_id: 'c1' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(voice.said).toEqual([]);
    socket.send({ text: 'Now it is more than that, surely. ', context_id: 'c1' });
    await expect
      .poll(() => voice.said)
      .toEqual(['Less than fifty characters. Now it is more than that, surely.']);
    socket.send({ text: 'The rest. ', context_id: 'c1' });
    socket.send({ context_id: 'c1', flush: true });
    await expect.poll(() => voice.said.at(-1)).toBe('The rest.');
    const auto = multi('&auto_mode=true');
    await auto.opened;
    for (const text of ['Hel', 'lo ']) auto.send({ text, context_id: 'c1' });
    await expect.poll(() => voice.said.slice(-2)).toEqual(['Hel', 'lo']);
  });

  it('drops unflushed text at close_context, and speaks flushed text to its end', async () => {
    const { multi, voice } = await start();
    const socket = multi();
    await socket.opened;
    socket.send({ text: 'Flushed. ', context_id: 'c1', flush: true });
    socket.send({ text: 'Not flushed. ', context_id: 'c1' });
    socket.send({ context_id: 'c1', close_context: true });
    await socket.until(isFinal('c1'));
    expect(voice.said).toEqual(['Flushed.']);
    expect(audioMs(socket.frames)).toBe(8 * MS_PER_CHAR);
  });

  it('refuses a sixth context, and takes one when a slot is free', async () => {
    const { multi } = await start();
    const socket = multi();
    await socket.opened;
    for (const id of ['1', '2', '3', '4', '5']) socket.send({ text: 'Hi. ', context_id: id });
    socket.send({ context_id: '1', close_context: true });
    await socket.until(isFinal('1'));
    socket.send({ context_id: '6', flush: true });
    socket.send({ text: '', context_id: '7' });
    const error = await socket.until((frame) => frame.error === 'max_active_conversations');
    expect(error).toMatchObject({ code: 1008 });
    expect(await socket.closed).toMatchObject({
      code: 1008,
      reason: expect.stringMatching(/^Maximum simultaneous/),
    });
  });

  it('keeps the slot until all audio is out', async () => {
    const { multi } = await start({ latency: { ttsFirstByteMs: 100 } });
    const socket = multi();
    await socket.opened;
    for (const id of ['1', '2', '3', '4', '5']) {
      socket.send({ text: 'Hi. ', context_id: id, flush: true });
      socket.send({ context_id: id, close_context: true });
    }
    socket.send({ text: 'Hi. ', context_id: '6' });
    await socket.until((frame) => frame.error === 'max_active_conversations');
  });

  it('refuses voice settings that change', async () => {
    const { multi } = await start();
    const socket = multi();
    await socket.opened;
    socket.send({ text: 'a ', context_id: 'c1', voice_settings: { speed: 1 } });
    socket.send({ text: 'b ', context_id: 'c1', voice_settings: { speed: 1 } });
    socket.send({ text: 'c ', context_id: 'c1', voice_settings: { speed: 1.1 } });
    expect(await socket.closed).toEqual({
      code: 1008,
      reason:
        'voice_settings field must be provided in the first message and then either be not provided or not change.',
    });
  });

  it('says invalid_api_key right after the upgrade, then closes with 1008', async () => {
    const { multi } = await start();
    const socket = multi('', 'invalid-key');
    await socket.opened;
    expect(await socket.closed).toEqual({ code: 1008, reason: 'Invalid API key' });
    expect(socket.frames).toEqual([{ message: 'Invalid API key', error: 'invalid_api_key', code: 1008 }]);
  });

  it('takes the key in the first message, and a single-use token once', async () => {
    const { multi, origin } = await start();
    const late = multi('', null);
    await late.opened;
    late.send({ text: 'Hi. ', context_id: 'c1', flush: true, xi_api_key: 'good-key' });
    await late.until((frame) => typeof frame.audio === 'string');
    const none = multi('', null);
    await none.opened;
    none.send({ text: 'Hi. ', context_id: 'c1' });
    await none.until((frame) => frame.error === 'invalid_api_key');
    const answer = await fetch(`${origin}/v1/single-use-token/tts_websocket`, {
      method: 'POST',
      headers: { 'xi-api-key': 'good-key' },
    });
    const { token } = Object(await answer.json());
    const once = multi(`&single_use_token=${token}`, null);
    await once.opened;
    once.send({ text: 'Hi. ', context_id: 'c1', flush: true });
    await once.until((frame) => typeof frame.audio === 'string');
    await multi(`&single_use_token=${token}`).until((frame) => frame.error === 'invalid_api_key');
  });

  it('finds out about an unknown voice with the first text', async () => {
    const { multi } = await start({ unknownVoices: ['gone'] });
    for (const id of ['notARealVoiceId000000', 'gone']) {
      const socket = multi('', 'good-key', id);
      await socket.opened;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(socket.frames).toEqual([]);
      socket.send({ text: 'Hi. ', context_id: 'c1' });
      expect(await socket.until(() => true)).toEqual({
        message: `A voice with voice_id ${id} does not exist.`,
        error: 'voice_id_does_not_exist',
        code: 1008,
      });
      expect((await socket.closed).code).toBe(1008);
    }
  });

  it.each(['eleven_v3', 'eleven_v4', 'no_such_model'])('refuses the upgrade for model %s', async (model) => {
    const { origin } = await start();
    const url = `${origin.replace('http', 'ws')}/v1/text-to-speech/v/multi-stream-input?model_id=${model}`;
    expect(await new RawSocket(url).refused).toMatchObject({
      status: 400,
      body: { detail: { type: 'validation_error', code: 'unsupported_model', param: 'model_id' } },
    });
  });

  it('refuses formats it cannot speak, saying which it can', async () => {
    const { origin } = await start();
    const url = `${origin.replace('http', 'ws')}/v1/text-to-speech/v/stream-input?model_id=eleven_flash_v2_5`;
    const { status, body } = await new RawSocket(url).refused;
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('pcm_24000');
  });

  it('ends contexts that get no text in time, each by itself', async () => {
    const { multi, vendor } = await start({ limits: { ttsInactivityMs: 1_000 } });
    const socket = multi();
    await socket.opened;
    socket.send({ text: 'Hi. ', context_id: 'idle' });
    const alive = setInterval(() => socket.send({ text: '', context_id: 'kept' }), 200);
    await socket.until(isFinal('idle'));
    clearInterval(alive);
    expect(socket.frames).toHaveLength(1);
    vendor.setQuirks({ contextTimeout: 'error' });
    const other = multi();
    await other.opened;
    other.send({ text: 'Hi. ', context_id: 'idle' });
    await other.until((frame) => frame.error === 'input_timeout_exceeded');
  });

  it('finishes flushed text at close_socket, then closes with 1000', async () => {
    const { multi } = await start();
    const socket = multi();
    await socket.opened;
    socket.send({ text: 'One. ', context_id: 'a', flush: true });
    socket.send({ text: 'Two. ', context_id: 'b', flush: true });
    socket.send({ close_socket: true });
    expect(await socket.closed).toEqual({ code: 1000, reason: '' });
    expect(socket.frames.filter((frame) => frame.isFinal)).toHaveLength(2);
    expect(audioMs(socket.frames)).toBe(8 * MS_PER_CHAR);
  });

  it('synthesises a sentence once, however often it is asked for', async () => {
    const { multi, voice } = await start();
    const socket = multi();
    await socket.opened;
    for (const id of ['a', 'b', 'c']) {
      socket.send({ text: 'The same. ', context_id: id, flush: true });
      socket.send({ context_id: id, close_context: true });
      await socket.until(isFinal(id));
    }
    expect(voice.said).toEqual(['The same.']);
    expect(audioMs(socket.frames)).toBe(27 * MS_PER_CHAR);
  });

  it('waits out the rest of an injected latency', async () => {
    const { multi } = await start({ latency: { ttsFirstByteMs: 120 } });
    const socket = multi();
    await socket.opened;
    const before = performance.now();
    socket.send({ text: 'Hi. ', context_id: 'a', flush: true });
    await socket.until((frame) => typeof frame.audio === 'string');
    expect(performance.now() - before).toBeGreaterThanOrEqual(118);
  });
});

describe('offline text-to-speech, single socket', () => {
  it('speaks what is left at the end of input, is final with null audio, and closes with 1000', async () => {
    const { single, voice } = await start();
    const socket = single();
    await socket.opened;
    socket.send({ text: ' ', voice_settings: { stability: 0.5 } });
    socket.send({ text: 'Hello ' });
    socket.send({ text: 'world. ', try_trigger_generation: true });
    socket.send({ text: 'The rest. ' });
    socket.send({ text: '' });
    expect(await socket.closed).toEqual({ code: 1000, reason: '' });
    expect(voice.said).toEqual(['Hello world.', 'The rest.']);
    expect(socket.frames.at(-1)).toEqual({
      alignment: null,
      audio: null,
      isFinal: true,
      normalizedAlignment: null,
    });
    expect(socket.frames[0]).not.toHaveProperty('contextId');
    expect(audioMs(socket.frames)).toBe(21 * MS_PER_CHAR);
  });

  it('times out without text', async () => {
    const { single } = await start({ limits: { ttsInactivityMs: 60 } });
    const socket = single();
    await socket.opened;
    socket.send({ text: 'Hi ' });
    const error = await socket.until((frame) => frame.error === 'input_timeout_exceeded');
    expect(error.message).toMatch(
      /^Have not received a new text input within the timeout of 20\.0 seconds\./,
    );
    expect((await socket.closed).code).toBe(1008);
  });
});

describe('offline text-to-speech over HTTP', () => {
  const post = (origin: string, path: string, body: unknown, key = 'good-key') =>
    fetch(`${origin}/v1/text-to-speech/${path}`, {
      method: 'POST',
      headers: { 'xi-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it.each([8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])('streams pcm_%d', async (rate) => {
    const { origin } = await start();
    const answer = await post(origin, `v/stream?output_format=pcm_${rate}`, { text: 'Hello there.' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('audio/pcm');
    expect(answer.headers.get('character-cost')).toBe('12');
    expect(answer.headers.get('request-id')).toBeTruthy();
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes.length / 2).toBeCloseTo((12 * MS_PER_CHAR * rate) / 1000, -1);
  });

  it('divides audio at odd bytes when asked to', async () => {
    const { origin } = await start({ quirks: { oddHttpChunks: true }, latency: { ttsFrameGapMs: 30 } });
    const answer = await post(origin, 'v/stream?output_format=pcm_16000', { text: 'Hello there.' });
    const sizes: number[] = [];
    for await (const part of answer.body ?? []) sizes.push(part.length);
    expect(sizes.some((size) => size % 2 === 1)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(12 * MS_PER_CHAR * 32);
  });

  it('streams lines with times', async () => {
    const { origin } = await start();
    const answer = await post(origin, 'v/stream/with-timestamps?output_format=pcm_16000', {
      text: 'Hello there.',
    });
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.flatMap((line) => line.alignment?.characters ?? []).join('')).toBe('Hello there.');
    expect(lines.at(-1).alignment.character_end_times_seconds.at(-1)).toBeCloseTo(
      (12 * MS_PER_CHAR) / 1000,
      2,
    );
  });

  it('answers mistakes as the vendor does', async () => {
    const { origin, vendor } = await start();
    const bad = await post(origin, 'v/stream', { text: 'Hi' }, 'invalid');
    expect([bad.status, await bad.json()]).toMatchObject([
      401,
      { detail: { type: 'authentication_error', code: 'unauthorized', status: 'invalid_api_key' } },
    ]);
    const voice = await post(origin, 'notARealVoice/stream?output_format=pcm_16000', { text: 'Hi' });
    expect([voice.status, await voice.json()]).toMatchObject([404, { detail: { code: 'voice_not_found' } }]);
    const text = await post(origin, 'v/stream?output_format=pcm_16000', {});
    expect([text.status, await text.json()]).toMatchObject([422, { detail: [{ loc: ['body', 'text'] }] }]);
    const format = await post(origin, 'v/stream?output_format=mp3_44100_128', { text: 'Hi' });
    expect(format.status).toBe(400);
    const v3 = await post(origin, 'v/stream?output_format=pcm_16000', {
      text: 'Hi',
      model_id: 'eleven_v3',
      previous_text: 'So.',
    });
    expect(v3.status).toBe(400);
    vendor.failNext({ service: 'http', at: 'request', do: 'refuse', status: 429 });
    expect((await post(origin, 'v/stream?output_format=pcm_16000', { text: 'Hi' })).status).toBe(429);
  });
});
