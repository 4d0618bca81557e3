import { AudioFormat, CommitStrategy, ElevenLabsClient, RealtimeEvents } from '@elevenlabs/elevenlabs-js';
import { afterEach, describe, expect, it } from 'vitest';
import { MS_PER_CHAR, tone } from './fakeModels.ts';
import { startOffline } from './startOffline.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(apiKey = 'good-key') {
  const started = await startOffline();
  closers.push(started.close);
  return { ...started, client: new ElevenLabsClient({ apiKey, baseUrl: started.origin, maxRetries: 0 }) };
}

describe('the official client, unmodified', () => {
  it('transcribes over the realtime socket', async () => {
    const { client } = await start();
    const connection = await client.speechToText.realtime.connect({
      modelId: 'scribe_v2_realtime',
      audioFormat: AudioFormat.PCM_16000,
      sampleRate: 16_000,
      commitStrategy: CommitStrategy.MANUAL,
      languageCode: 'en',
      includeTimestamps: true,
    });
    closers.push(() => connection.close());
    const heard = await new Promise((resolve, reject) => {
      connection.on(RealtimeEvents.ERROR, reject);
      connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT_WITH_TIMESTAMPS, resolve);
      connection.on(RealtimeEvents.SESSION_STARTED, () => {
        const bytes = Buffer.concat(tone(4, 600).map((pcm) => Buffer.from(pcm.buffer)));
        connection.send({ audioBase64: bytes.toString('base64'), previousText: 'Hello.' });
        connection.commit();
      });
    });
    expect(heard).toMatchObject({ text: 'w4:30' });
  });

  it('reports a wrong key as an error event', async () => {
    const { client } = await start('invalid');
    const connection = await client.speechToText.realtime.connect({
      modelId: 'scribe_v2_realtime',
      audioFormat: AudioFormat.PCM_16000,
      sampleRate: 16_000,
    });
    const error = await new Promise((resolve) => {
      connection.on(RealtimeEvents.ERROR, () => {});
      connection.on(RealtimeEvents.AUTH_ERROR, resolve);
    });
    expect(error).toMatchObject({ message_type: 'auth_error' });
  });

  it('makes a single-use token and connects with it', async () => {
    const { client, origin } = await start();
    const { token } = await client.tokens.singleUse.create('realtime_scribe');
    const keyless = new ElevenLabsClient({ apiKey: 'invalid', baseUrl: origin });
    const connection = await keyless.speechToText.realtime.connect({
      modelId: 'scribe_v2_realtime',
      audioFormat: AudioFormat.PCM_16000,
      sampleRate: 16_000,
      token,
    });
    closers.push(() => connection.close());
    await new Promise((resolve, reject) => {
      connection.on(RealtimeEvents.ERROR, reject);
      connection.on(RealtimeEvents.SESSION_STARTED, resolve);
    });
  });

  it('streams speech over HTTP', async () => {
    const { client } = await start();
    const stream = await client.textToSpeech.stream('JBFqnCBsd6RMkjVDRZzb', {
      text: 'Hello there.',
      modelId: 'eleven_flash_v2_5',
      outputFormat: 'pcm_16000',
    });
    let bytes = 0;
    for await (const part of stream) bytes += part.length;
    expect(bytes).toBe(12 * MS_PER_CHAR * 32);
  });

  it('streams speech with timestamps over HTTP', async () => {
    const { client } = await start();
    const stream = await client.textToSpeech.streamWithTimestamps('v', {
      text: 'Hello there.',
      modelId: 'eleven_flash_v2_5',
      outputFormat: 'pcm_16000',
    });
    let spelled = '';
    for await (const part of stream) spelled += part.alignment?.characters.join('') ?? '';
    expect(spelled).toBe('Hello there.');
  });

  it('throws its own error for an unknown voice', async () => {
    const { client } = await start();
    const failing = client.textToSpeech.stream('notARealVoice', { text: 'Hi', outputFormat: 'pcm_16000' });
    await expect(failing).rejects.toMatchObject({ statusCode: 404 });
  });
});
