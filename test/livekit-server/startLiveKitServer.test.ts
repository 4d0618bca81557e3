import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { RoomServiceClient } from 'livekit-server-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { freeTcpPort } from '../../src/livekit-server/freePort.ts';
import { type LiveKitServer, startLiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { type FakeBehaviour, fakeServer } from './fakeServer.ts';

let folder: string;
let logged: string;
const running: LiveKitServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'livekit-'));
  logged = '';
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

async function start(
  bin: string,
  options: { port?: number; signal?: AbortSignal } = {},
): Promise<LiveKitServer> {
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged += chunk;
      done();
    },
  });
  const server = await startLiveKitServer({
    bin,
    log: createLogger({ level: 'debug', destination }),
    ...options,
  });
  running.push(server);
  return server;
}

const startFake = (behaviour: FakeBehaviour, port?: number) =>
  start(fakeServer(folder, behaviour), port === undefined ? {} : { port });
const notes = () => readFileSync(join(folder, 'notes'), 'utf8');
const pidInNotes = () => Number(/"pid":(\d+)/.exec(notes())?.[1]);
const reachable = (url: string) =>
  fetch(url.replace('ws:', 'http:')).then(
    (response) => response.ok,
    () => false,
  );

describe('with any server', () => {
  it('resolves when it answers; stop ends the process and the port is closed', async () => {
    const server = await startFake('healthy');
    expect(await reachable(server.url)).toBe(true);
    expect(server.apiSecret.length).toBeGreaterThanOrEqual(32);
    await server.stop();
    await server.stop();
    expect(await server.ended).toBeUndefined();
    expect(await reachable(server.url)).toBe(false);
  });

  it('the secret is neither in the arguments nor in the log, and our environment is not handed on', async () => {
    const server = await startFake('healthy');
    const started: { argv: string[]; env: string[] } = JSON.parse(notes().replace('started ', ''));
    expect(started.argv).toEqual([]);
    expect(started.env).toContain('LIVEKIT_CONFIG');
    expect(started.env).not.toContain('HOME');
    expect(logged).toContain('starting LiveKit server');
    expect(logged).not.toContain(server.apiSecret);
  });

  it('a second server takes another port', async () => {
    const [first, second] = [await startFake('healthy'), await startFake('healthy')];
    expect(second.url).not.toBe(first.url);
    expect(second.apiSecret).not.toBe(first.apiSecret);
  });

  it('tries other ports when somebody took one meanwhile', async () => {
    expect(await reachable((await startFake('portTakenOnce')).url)).toBe(true);
    expect(notes().match(/started/g)).toHaveLength(2);
  });

  it('a server that waits for its participants gets the second SIGTERM', async () => {
    const server = await startFake('stubborn');
    await server.stop();
    expect(notes().match(/SIGTERM/g)).toHaveLength(2);
  });

  it('a server that ends at once is an error with what it said, without the secret', async () => {
    await expect(startFake('dies')).rejects.toMatchObject({
      code: 'VA_LIVEKIT_SERVER',
      message: expect.stringMatching(
        /exit code 3[\s\S]*LIVEKIT_SERVER_BIN[\s\S]*cannot do this with \[redacted\]/,
      ),
    });
  });

  it('a program that is not there is an error that names the cure', async () => {
    await expect(start(join(folder, 'nothing'))).rejects.toMatchObject({
      code: 'VA_LIVEKIT_SERVER',
      message: expect.stringContaining('LIVEKIT_SERVER_BIN'),
    });
  });

  it('a start that is given up leaves no process', async () => {
    await expect(start(fakeServer(folder, 'healthy'), { signal: AbortSignal.abort() })).rejects.toThrow(
      /given up/,
    );
    if (existsSync(join(folder, 'notes'))) {
      expect(() => process.kill(pidInNotes(), 0)).toThrow();
    }
  });

  it('says why when the server dies by itself', async () => {
    const server = await startFake('healthy');
    process.kill(pidInNotes(), 'SIGKILL');
    expect(await server.ended).toMatchObject({
      code: 'VA_LIVEKIT_SERVER',
      message: expect.stringContaining('SIGKILL'),
    });
  });

  it.skipIf(process.platform === 'win32')('ends with us even when we are killed', async () => {
    const bin = fakeServer(folder, 'healthy');
    const script = new URL('./crashingParent.ts', import.meta.url).pathname;
    const crash = promisify(execFile)(process.execPath, ['--import', 'tsx', script, bin]).then(
      () => undefined,
      (error: { signal?: string; stdout?: string }) => error,
    );
    const result = await crash;
    expect(result?.signal).toBe('SIGKILL');
    expect(result?.stdout).toMatch(/^ws:/);
    await expect.poll(() => reachable(result?.stdout?.trim() ?? ''), { timeout: 10_000 }).toBe(false);
  });
});

const real = await findLiveKitServer(readEnvironment());

describe.skipIf(real === undefined && !process.env.CI)('with a real livekit-server', () => {
  const bin = real ?? 'livekit-server';

  it('serves its API to its key, and to no other', async () => {
    const server = await start(bin);
    const url = server.url.replace('ws:', 'http:');
    const rooms = new RoomServiceClient(url, server.apiKey, server.apiSecret);
    await rooms.createRoom({ name: 'kitchen' });
    expect((await rooms.listRooms()).map((room) => room.name)).toEqual(['kitchen']);
    await expect(new RoomServiceClient(url, server.apiKey, 'x'.repeat(64)).listRooms()).rejects.toThrow();
    await server.stop();
    expect(await reachable(server.url)).toBe(false);
  });

  it('on a port that is taken it is an error with what the server said', async () => {
    const port = await freeTcpPort(0);
    const blocker = createServer().listen(port, '127.0.0.1');
    try {
      await expect(start(bin, { port })).rejects.toThrow(/address already in use/);
    } finally {
      blocker.close();
    }
  });
});
