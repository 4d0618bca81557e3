import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createElevenLabsStt } from '../../src/stt/elevenLabsStt.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { tone } from '../offline-elevenlabs/fakeModels.ts';
import { listen } from './listen.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that answers each commit with the frames of a script. */
async function scripted(answers: object[][]) {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket: WebSocket) => {
    socket.send(JSON.stringify({ message_type: 'session_started', session_id: 's', config: {} }));
    socket.on('message', (data) => {
      if (!JSON.parse(data.toString()).commit) return;
      for (const frame of answers.shift() ?? []) socket.send(JSON.stringify(frame));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const line = listen(createElevenLabsStt({ apiKey: 'k', baseUrl, language: 'en', clock: systemClock }));
  closers.push(() => line.stream.close());
  return line;
}

const plain = (text: string) => ({ message_type: 'committed_transcript', text });
const timed = (text: string) => ({
  message_type: 'committed_transcript_with_timestamps',
  text,
  language_code: null,
  words: null,
});

it('accepts the plain and the timed frame of a commit once, in either order', async () => {
  const line = await scripted([
    [plain('one'), timed('one')],
    [timed('two'), plain('two')],
    [plain('three'), timed('three')],
  ]);
  for (const id of ['1', '2', '3']) {
    line.say(tone(1, 400));
    line.stream.commit(id);
  }
  expect(await line.text('3')).toBe('three');
  expect([await line.text('1'), await line.text('2')]).toEqual(['one', 'two']);
});

it('survives frames that are no JSON, unknown, or lack their fields', async () => {
  const line = await scripted([
    [
      { message_type: 'committed_transcript_entities' },
      { message_type: 'warning' },
      [1],
      { nothing: 1 },
      plain('fine'),
    ],
    [{ message_type: 'committed_transcript' }],
  ]);
  line.say(tone(1, 400));
  line.stream.commit('a');
  expect(await line.text('a')).toBe('fine');
  line.say(tone(1, 400));
  line.stream.commit('b');
  expect(await line.text('b')).toBe('');
});

it('takes the mark of a cut word off', async () => {
  const line = await scripted([[plain('The quick brown fox jump-')], [plain('... over the lazy dog.')]]);
  line.say(tone(1, 400));
  line.stream.commit('a');
  line.say(tone(1, 400));
  line.stream.commit('b');
  expect(await line.text('b')).toBe('over the lazy dog.');
  expect(await line.text('a')).toBe('The quick brown fox jump');
});
