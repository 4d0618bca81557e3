import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { joinRoom } from '../../src/index.ts';
import { createOfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { serve } from '../../src/offline/serve.ts';
import { createLocalHub } from '../../src/room/localRoom.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { loadTools } from '../../src/tools/loadTools.ts';
import { toneRecogniser, toneVoice } from '../offline-elevenlabs/fakeModels.ts';
import { toolFolder } from '../support/toolFolder.ts';

it('the example in docs answers a caller, in a room that a program of its own has joined', async () => {
  const text = await readFile(new URL('../../docs/examples/weather.ts', import.meta.url), 'utf8');
  const folder = await toolFolder({ 'weather.ts': text });
  const [weather, vendors] = await Promise.all([
    weatherService(),
    serve([
      createOfflineElevenLabs({ recogniser: toneRecogniser(), voice: toneVoice() }),
      createOfflineClaude(),
      createOfflineDoubleword({ turnaround: 'manual' }),
    ]),
  ]);
  process.env.WEATHER_URL = weather.url;
  const hub = createLocalHub({ clock: systemClock, name: 'docs' });
  const ann = await hub.join({ identity: 'ann', kind: 'person', outputRate: 16_000 });
  const said: string[] = [];
  ann.on('transcript', ({ speaker, text: line, final }) => {
    if (speaker === 'agent' && final) said.push(line);
  });
  const call = await joinRoom({
    room: await hub.join({ identity: 'agent', kind: 'agent' }),
    tools: await loadTools(['weather.ts'], { folder: folder.path }),
    settings: {
      GREETING: 'Good evening.',
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: vendors.origin,
      ELEVENLABS_API_KEY: 'test',
      ELEVENLABS_BASE_URL: vendors.origin,
      DOUBLEWORD_API_KEY: 'test',
      DOUBLEWORD_BASE_URL: `${vendors.origin}/v1`,
      TASKS_FILE: `${folder.path}/tasks_results.json`,
      REDIS_URL: '',
    },
    log: silentLogger,
  });
  try {
    await expect.poll(() => said, { timeout: 20_000 }).toContain('Good evening.');
    await ann.sendChat('What is the weather in Paris?');
    await expect.poll(() => said, { timeout: 20_000 }).toContain('It is 19 degrees in paris now.');
    weather.isDown = true;
    await ann.sendChat('And what is the weather in Berlin?');
    await expect
      .poll(() => said.join(' '), { timeout: 20_000 })
      .toMatch(/did not work\..*The weather service does not answer\./);
  } finally {
    await call.hangUp();
    expect(await call.ended).toEqual({ why: 'hungUp' });
    delete process.env.WEATHER_URL;
    await Promise.all([vendors.close(), weather.close(), ann.leave(), folder.remove()]);
  }
}, 60_000);

it('a program without keys is told which', async () => {
  const hub = createLocalHub({ clock: systemClock, name: 'docs' });
  const room = await hub.join({ identity: 'agent', kind: 'agent' });
  const settings = {
    ANTHROPIC_API_KEY: '',
    ELEVENLABS_API_KEY: 'x',
    ELEVEN_API_KEY: '',
    DOUBLEWORD_API_KEY: 'x',
  };
  await expect(joinRoom({ room, settings })).rejects.toMatchObject({
    code: 'VA_CONFIG',
    message: expect.stringMatching(/^ANTHROPIC_API_KEY is missing: set/),
  });
  await room.leave();
});

async function weatherService() {
  const state = { isDown: false };
  const server = createServer((_request, response) => {
    response.statusCode = state.isDown ? 503 : 200;
    response.end(JSON.stringify({ current: { temperature_2m: 18.7 } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
