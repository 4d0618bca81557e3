import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveKitVenue } from '../../src/app/venue.ts';
import { childEnvironment } from '../../src/config/environment.ts';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import type { Room } from '../../src/room/room.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { built } from '../support/built.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';
import { waitUntil } from '../support/waitUntil.ts';

const binary = await findTestServer();
const CALLS = 4;
const VENDOR_KEYS = ['ANTHROPIC_API_KEY', 'ELEVENLABS_API_KEY', 'ELEVEN_API_KEY', 'DOUBLEWORD_API_KEY'];
/** Within 5 s where the machine has time to spare; here several tests run at once. */
const REJOIN_MS = 30_000;
const SORRY = /lost the connection/i;

interface Caller {
  readonly room: Room;
  /** What the agents were published to say, line by line, and when. */
  readonly said: { readonly text: string; readonly at: number }[];
  readonly agents: { readonly identity: string; readonly at: number }[];
}

describe.skipIf(binary === undefined)('start --workers 2, on a real LiveKit server', () => {
  let server: TestLiveKitServer;
  let folder: string;
  let program: ChildProcess;
  let callers: Caller[] = [];
  /** Which worker joined which room, latest last. */
  let restarts = 0;
  const joins: { readonly pid: number; readonly room: string }[] = [];

  beforeAll(async () => {
    server = await startTestServer(binary ?? '');
    folder = await mkdtemp(join(tmpdir(), 'voice-agent-workers-'));
    program = spawn(
      process.execPath,
      [await built('bin/voice-agent.ts'), 'start', '--no-demo', '--workers', '2', '--port', '0'],
      {
        // A folder without a .env, and no keys: the vendors are stand-ins, whoever runs this.
        cwd: folder,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: childEnvironment({
          ...Object.fromEntries(VENDOR_KEYS.map((name) => [name, ''])),
          LIVEKIT_URL: server.url,
          LIVEKIT_API_KEY: server.apiKey,
          LIVEKIT_API_SECRET: server.apiSecret,
          TASKS_FILE: join(folder, 'tasks.json'),
          // Fewer than there are callers: both workers are needed, however busy the machine is.
          CALLS_PER_WORKER: String(CALLS - 1),
        }),
      },
    );
    if (program.stdout) {
      createInterface(program.stdout).on('line', (line) => {
        const [, pid, room] = /"worker":(\d+).*"msg":"joined room (\S+)"/.exec(line) ?? [];
        if (line.includes('call workers are replaced"')) restarts++;
        if (pid !== undefined && room !== undefined) joins.push({ pid: Number(pid), room });
      });
    }
    const venue = liveKitVenue(server, { clock, log: silentLogger });
    callers = await Promise.all(
      Array.from({ length: CALLS }, async (_, i) => follow(await venue.join(person(i)))),
    );
    await waitUntil('every caller is greeted', () => callers.every(({ said }) => said.length > 0), 90_000);
  }, 120_000);

  afterAll(async () => {
    // Of a start that failed, only a part is there.
    await Promise.allSettled(callers.map(({ room }) => room.leave()));
    program?.kill('SIGKILL');
    for (const { pid } of joins) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
    await Promise.allSettled([server?.stop(), folder && rm(folder, { recursive: true, force: true })]);
    await disposeRtc();
  }, 30_000);

  it('kill -9 of a worker: its calls go on elsewhere, the others are not touched', async () => {
    const callsOf = (pid: number) => joins.filter((one) => one.pid === pid).length;
    const pids = [...new Set(joins.map(({ pid }) => pid))].sort((a, b) => callsOf(a) - callsOf(b));
    expect(pids).toHaveLength(2);
    // The one with fewer calls: the other has room for them.
    const [victim = 0] = pids;
    const hit = callers.filter(({ room }) =>
      joins.some((one) => one.pid === victim && one.room === room.name),
    );
    const spared = callers.filter((caller) => !hit.includes(caller));
    expect(hit.length).toBeGreaterThanOrEqual(1);
    for (const { room } of callers) await room.sendChat('What is the capital of France?');
    await waitUntil(
      'every caller hears of Paris',
      () => callers.every(({ said }) => said.some(({ text }) => text.includes('Paris'))),
      60_000,
    );

    const killedAt = clock.now();
    process.kill(victim, 'SIGKILL');
    await waitUntil(
      'the calls that broke off apologise',
      () => hit.every(({ said }) => said.some(({ text }) => SORRY.test(text))),
      60_000,
    );

    for (const { agents } of hit) {
      const [first, second] = agents;
      expect(agents).toHaveLength(2);
      expect(second?.identity).not.toBe(first?.identity);
      expect((second?.at ?? Number.POSITIVE_INFINITY) - killedAt).toBeLessThan(REJOIN_MS);
    }
    for (const { agents, said } of spared) {
      expect(agents).toHaveLength(1);
      expect(said.some(({ text }) => SORRY.test(text))).toBe(false);
    }
    // No ghost is left for front ends to show.
    await waitUntil('ghosts are removed', () => hit.every(({ room }) => agentsIn(room) === 1), 20_000);
    // Only who knows the conversation can say more of it.
    for (const { room } of hit) await room.sendChat('Please repeat that.');
    await waitUntil(
      'the conversation is remembered',
      () => hit.every(({ said }) => said.some(({ text, at }) => at > killedAt && text.includes('Paris'))),
      60_000,
    );
  }, 240_000);

  it('SIGHUP replaces every worker and drops no call; SIGTERM waits for the calls to end', async () => {
    const before = new Set(joins.map(({ pid }) => pid));
    program.kill('SIGHUP');
    await waitUntil('the workers are replaced', () => restarts > 0, 60_000);
    const venue = liveKitVenue(server, { clock, log: silentLogger });
    const late = follow(await venue.join(person(CALLS)));
    callers.push(late);
    await waitUntil('the late caller is greeted', () => late.said.length > 0, 60_000);
    expect(joins.some(({ pid, room }) => room === late.room.name && !before.has(pid))).toBe(true);
    for (const { room, agents } of callers) {
      expect(agentsIn(room), room.name).toBe(1);
      expect(agents.length, room.name).toBeLessThanOrEqual(2);
    }

    const exit = new Promise<number | null>((resolve) => program.once('exit', resolve));
    program.kill('SIGTERM');
    await Promise.all(callers.map(({ room }) => room.leave()));
    expect(await exit).toBe(0);
  }, 150_000);
});

function person(i: number) {
  return { room: `room-${i}`, identity: `caller-${i}`, kind: 'person' } as const;
}

function follow(room: Room): Caller {
  const caller: Caller = { room, said: [], agents: [] };
  room.on('transcript', ({ speaker, final, text }) => {
    if (speaker === 'agent' && final) caller.said.push({ text, at: clock.now() });
  });
  room.on('participantJoined', ({ kind, identity }) => {
    if (kind === 'agent') caller.agents.push({ identity, at: clock.now() });
  });
  return caller;
}

function agentsIn(room: Room): number {
  return room.participants.filter(({ kind }) => kind === 'agent').length;
}
