import { AccessToken, AgentDispatchClient, RoomAgentDispatch, RoomConfiguration } from 'livekit-server-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentWorker, createAgentWorker } from '../../src/dispatch/agentWorker.ts';
import type { CallJob } from '../../src/dispatch/callJob.ts';
import type { CallEnd, CallPlacement } from '../../src/dispatch/callPlacement.ts';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import type { Room } from '../../src/room/room.ts';
import { createRoomDirectory } from '../../src/room/roomDirectory.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { startFlakyProxy } from '../support/flakyProxy.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';
import { waitUntil } from '../support/waitUntil.ts';

const PATIENCE = { timeout: 15_000 };

describe('without a server', () => {
  it('names LIVEKIT_URL once, keeps trying, and stops when it is told to', async () => {
    const said: string[] = [];
    const livekit = { url: 'ws://127.0.0.1:9', apiKey: 'k', apiSecret: 's'.repeat(32) };
    const worker = createAgentWorker({
      livekit,
      agentName: '',
      displayName: 'Assistant',
      version: '1',
      rooms: { name: undefined, metadata: undefined },
      placement: { capacity: 1, place: () => Promise.reject(new Error('not used here')) },
      directory: createRoomDirectory(livekit),
      clock,
      log: { ...log, warn: (message) => void said.push(message) },
    });
    worker.start();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('LIVEKIT_URL');
    expect(worker.registered).toBe(false);
    await worker.close();
  });
});

const binary = await findTestServer();

describe.skipIf(binary === undefined)("a worker of a real LiveKit server's agent dispatch", () => {
  let server: TestLiveKitServer;
  const open: AgentWorker[] = [];
  const people: Room[] = [];
  beforeAll(async () => {
    if (binary !== undefined) server = await startTestServer(binary);
  });
  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.leave()));
    await Promise.all(open.splice(0).map((worker) => worker.close()));
  });
  afterAll(async () => {
    await server.stop();
    await disposeRtc();
  });

  /** Really joins, with LiveKit's own token, and stays until it is hung up. */
  class Calls implements CallPlacement {
    readonly capacity: number;
    readonly jobs: CallJob[] = [];
    readonly rooms = new Map<string, Room>();
    readonly ends: CallEnd[] = [];

    constructor(capacity: number) {
      this.capacity = capacity;
    }

    async place(job: CallJob, signal: AbortSignal) {
      this.jobs.push(job);
      if (!job.join) throw new Error('no token came with the job');
      const room = await joinLiveKitRoom({ ...job.join, roomName: job.room, log, signal });
      this.rooms.set(job.room, room);
      let finish: (end: CallEnd) => void = () => {};
      const ended = new Promise<CallEnd>((resolve) => {
        finish = resolve;
      });
      const end = async (how: CallEnd) => {
        this.rooms.delete(job.room);
        await room.leave();
        this.ends.push(how);
        finish(how);
      };
      room.on('participantLeft', () => {
        if (room.participants.length === 0) void end({ why: 'alone' });
      });
      return {
        ended,
        hangUp: async () => {
          await end({ why: 'hungUp' });
        },
      };
    }
  }

  async function work(options: { agentName?: string; capacity?: number; name?: RegExp } = {}) {
    const calls = new Calls(options.capacity ?? 5);
    const worker = createAgentWorker({
      livekit: server,
      agentName: options.agentName ?? '',
      displayName: 'Assistant',
      version: '1',
      rooms: { name: options.name, metadata: undefined },
      placement: calls,
      directory: createRoomDirectory(server),
      clock,
      log,
    });
    await start(worker);
    return { worker, calls };
  }

  async function start(worker: AgentWorker): Promise<void> {
    open.push(worker);
    worker.start();
    await isCountedOn(worker);
  }

  async function isCountedOn(worker: AgentWorker): Promise<void> {
    await waitUntil('the worker is registered', () => worker.registered);
    await reported();
  }

  /** Nobody can be asked when the server has taken in what a worker reported to it: its load, that it is full. */
  const reported = () => new Promise((resolve) => setTimeout(resolve, 1_000));

  async function person(room: string): Promise<Room> {
    const token = await createToken({ ...server, room, identity: 'ada', kind: 'person' });
    const member = await joinLiveKitRoom({ url: server.url, token, log });
    people.push(member);
    return member;
  }

  const agentsOf = (member: Room) => member.participants.filter(({ kind }) => kind === 'agent');

  it('without a name it gets every room that somebody opens, as an agent that front ends know', async () => {
    const { calls } = await work();
    const ada = await person('auto');
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
    const [agent] = agentsOf(ada);
    expect(agent?.name).toBe('Assistant');
    expect(agent?.identity).toMatch(/^agent-RM_\w+-\w+$/);
    expect(calls.jobs).toHaveLength(1);
    expect(calls.jobs[0]).toMatchObject({
      room: 'auto',
      source: 'worker',
      roomSid: expect.stringMatching(/^RM_/),
    });
    await ada.leave();
    await expect.poll(() => calls.ends, PATIENCE).toEqual([{ why: 'alone' }]);
  });

  it('with a name it comes when it is asked for, with the metadata, and not otherwise', async () => {
    const { calls } = await work({ agentName: 'assistant' });
    const ada = await person('explicit');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(calls.jobs).toHaveLength(0);
    const dispatches = new AgentDispatchClient(server.url, server.apiKey, server.apiSecret);
    await dispatches.createDispatch('explicit', 'assistant', { metadata: 'order 7' });
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
    expect(calls.jobs[0]?.metadata).toBe('order 7');
  });

  it('a dispatch into an empty room is kept until somebody comes', async () => {
    const { calls } = await work({ agentName: 'assistant' });
    const dispatches = new AgentDispatchClient(server.url, server.apiKey, server.apiSecret);
    await dispatches.createDispatch('early', 'assistant');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(calls.jobs).toHaveLength(0);
    const ada = await person('early');
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
  });

  it('a dispatch that is taken back ends the call', async () => {
    const { calls } = await work({ agentName: 'assistant' });
    const ada = await person('withdrawn');
    const dispatches = new AgentDispatchClient(server.url, server.apiKey, server.apiSecret);
    const { id } = await dispatches.createDispatch('withdrawn', 'assistant');
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
    await dispatches.deleteDispatch(id, 'withdrawn');
    await expect.poll(() => calls.ends, PATIENCE).toEqual([{ why: 'hungUp' }]);
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(0);
  });

  it('two workers: one agent in each room', async () => {
    const one = await work();
    const two = await work();
    const members: Room[] = [];
    // One after the other: this process holds both ends of all.
    for (let i = 0; i < 4; i++) {
      const member = await person(`shared-${i}`);
      members.push(member);
      await expect.poll(() => agentsOf(member).length, PATIENCE).toBe(1);
    }
    expect(members.map((member) => agentsOf(member).length)).toEqual([1, 1, 1, 1]);
    expect(one.calls.jobs.length + two.calls.jobs.length).toBe(4);
  });

  it('leaves rooms alone that are not ours, and takes no more than its capacity', async () => {
    const { calls } = await work({ name: /^ours-.*$/, capacity: 1 });
    await person('theirs');
    const ada = await person('ours-1');
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
    await person('ours-2');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(calls.jobs.map(({ room }) => room)).toEqual(['ours-1']);
  });

  it('takes nothing after drain(), and its running call goes on', async () => {
    const { worker, calls } = await work();
    const ada = await person('before');
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
    await worker.drain();
    await reported();
    await person('after');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(calls.jobs.map(({ room }) => room)).toEqual(['before']);
    expect(agentsOf(ada)).toHaveLength(1);
    const ending = worker.close();
    await expect.poll(() => calls.ends, PATIENCE).toEqual([{ why: 'hungUp' }]);
    await ending;
  });

  it('names the keys when they are wrong', async () => {
    const said: string[] = [];
    const worker = createAgentWorker({
      livekit: { ...server, apiSecret: 'x'.repeat(40) },
      agentName: '',
      displayName: 'Assistant',
      version: '1',
      rooms: { name: undefined, metadata: undefined },
      placement: new Calls(1),
      directory: createRoomDirectory(server),
      clock,
      log: { ...log, warn: (message) => void said.push(message) },
    });
    open.push(worker);
    worker.start();
    await expect.poll(() => said.length, PATIENCE).toBe(1);
    expect(said[0]).toContain('LIVEKIT_API_KEY and LIVEKIT_API_SECRET');
  });

  it('a token that asks for the agent brings it', async () => {
    const { calls } = await work({ agentName: 'assistant' });
    const token = new AccessToken(server.apiKey, server.apiSecret, { identity: 'ada' });
    token.addGrant({ roomJoin: true, room: 'asked' });
    token.roomConfig = new RoomConfiguration({ agents: [new RoomAgentDispatch({ agentName: 'assistant' })] });
    const ada = await joinLiveKitRoom({ url: server.url, token: await token.toJwt(), log });
    people.push(ada);
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
    expect(calls.jobs.map(({ room }) => room)).toEqual(['asked']);
  });

  it('comes back after the connection broke; its call goes on meanwhile', async () => {
    const proxy = await startFlakyProxy(Number(new URL(server.url).port));
    const calls = new Calls(5);
    const worker = createAgentWorker({
      livekit: { ...server, url: `ws://127.0.0.1:${proxy.port}` },
      agentName: '',
      displayName: 'Assistant',
      version: '1',
      rooms: { name: undefined, metadata: undefined },
      // The call itself has a connection that holds.
      placement: {
        capacity: 5,
        place: (job, signal) => {
          return calls.place({ ...job, join: { url: server.url, token: job.join?.token ?? '' } }, signal);
        },
      },
      directory: createRoomDirectory(server),
      clock,
      log,
    });
    await start(worker);
    const ada = await person('broken-1');
    await expect.poll(() => agentsOf(ada).length, PATIENCE).toBe(1);
    proxy.refuse();
    await waitUntil('the loss is noticed', () => !worker.registered);
    proxy.allow();
    await isCountedOn(worker);
    const bob = await person('broken-2');
    await expect.poll(() => agentsOf(bob).length, PATIENCE).toBe(1);
    expect(agentsOf(ada)).toHaveLength(1);
    await worker.close();
    await proxy.stop();
  });
});
