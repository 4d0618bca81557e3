import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../src/dispatch/dispatcher.ts';
import { openDispatchStore } from '../../src/dispatch/dispatchStore.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { FakeLiveKit, type FakeProcess } from '../support/fakeLiveKit.ts';
import { signature } from '../support/signedWebhook.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const livekit = {
  url: 'ws://host',
  apiKey: 'devkey',
  apiSecret: 'a-secret-of-more-than-thirty-two-characters',
};
const everyRoom = { name: undefined, metadata: undefined };

class Rig {
  readonly clock = new VirtualClock();
  readonly world = new FakeLiveKit(this.clock);
  readonly #intervalMs: number | undefined;
  process!: FakeProcess;
  dispatcher!: Dispatcher;
  forgedAccepted = 0;

  constructor(intervalMs?: number) {
    this.#intervalMs = intervalMs;
  }

  /** A server process: the first one, or one after a crash. */
  async boot(): Promise<this> {
    this.process = this.world.process();
    this.dispatcher = createDispatcher({
      livekit,
      config: { rooms: everyRoom, reconcileMs: this.#intervalMs },
      store: await openDispatchStore({ clock: this.clock, log }),
      placement: this.process,
      clock: this.clock,
      log,
      directory: this.world,
    });
    this.dispatcher.start();
    return this;
  }

  async crash(): Promise<void> {
    this.process.kill();
    await this.dispatcher.drain();
  }

  async deliver(event: object, secret = livekit.apiSecret): Promise<void> {
    const body = JSON.stringify(event);
    const outcome = await this.dispatcher.intake(
      body,
      await signature(body, { ...livekit, apiSecret: secret }),
    );
    if (secret !== livekit.apiSecret && outcome !== 'forged') this.forgedAccepted++;
  }

  async deliverAll(): Promise<void> {
    for (const event of this.world.events.splice(0)) await this.deliver(event);
  }
}

/** Never: the webhooks are alone. */
const NO_LOOKS = 3_600_000;

describe('from webhooks alone', () => {
  it('a room gets one agent, from whichever event comes first', async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.join('den', 'ada');
    const events = rig.world.events.splice(0);
    expect(events.map(({ event }) => event)).toEqual(['room_started', 'participant_joined']);
    for (const event of events.toReversed()) await rig.deliver(event);
    await rig.clock.advance(1_000);
    expect(rig.process.joined).toEqual(['den']);
    await rig.deliver({ ...events[1], id: 'EV_new' });
    await rig.clock.advance(1_000);
    expect(rig.process.joined).toEqual(['den']);
  });

  it('a room opened by an API waits for its first person', async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.open('den');
    await rig.deliverAll();
    await rig.clock.advance(10_000);
    expect(rig.process.joined).toEqual([]);
    rig.world.join('den', 'ada');
    await rig.deliverAll();
    await rig.clock.advance(1_000);
    expect(rig.process.joined).toEqual(['den']);
  });

  it('events of a room that is over do nothing, and make no room', async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.join('den', 'ada');
    rig.world.leave('den', 'ada');
    await rig.clock.advance(5_000);
    await rig.deliverAll();
    await rig.clock.advance(5_000);
    expect(rig.process.joined).toEqual([]);
    expect(await rig.world.rooms()).toEqual([]);
  });

  it('a room of the same name that opens again is served again', async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    for (let round = 1; round <= 3; round++) {
      rig.world.join('den', 'ada');
      await rig.deliverAll();
      await rig.clock.advance(1_000);
      expect(rig.process.joined).toHaveLength(round);
      rig.world.leave('den', 'ada');
      await rig.clock.advance(20_000);
      expect(rig.world.agents('den')).toBe(0);
    }
  });

  it('somebody who comes while the agent is leaving is not left alone', async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.join('den', 'ada');
    await rig.deliverAll();
    await rig.clock.advance(1_000);
    rig.process.end('den', { why: 'alone' });
    rig.world.join('den', 'bob');
    // The call's job is still held when this one's webhook comes.
    await rig.deliverAll();
    await rig.clock.advance(5_000);
    expect(rig.world.agents('den')).toBe(1);
  });

  it('who was hung up on is not called back; somebody new is answered', async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.join('den', 'ada');
    await rig.deliverAll();
    await rig.clock.advance(1_000);
    rig.process.end('den', { why: 'hungUp' });
    await rig.clock.advance(1_000);
    await rig.deliverAll();
    await rig.clock.advance(60_000);
    expect(rig.world.agents('den')).toBe(0);
    rig.world.join('den', 'bob');
    await rig.deliverAll();
    await rig.clock.advance(1_000);
    expect(rig.world.agents('den')).toBe(1);
  });

  it.each(['lost', 'failed', 'closed'] as const)('a call that ends as %s is held again', async (why) => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.join('den', 'ada');
    await rig.deliverAll();
    await rig.clock.advance(1_000);
    rig.process.end('den', { why, reason: 'a fault' });
    await rig.clock.advance(4_000);
    expect(rig.world.agents('den')).toBe(1);
    expect(rig.process.joined).toHaveLength(2);
  });

  it('an agent that somebody removed stays out', async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.join('den', 'ada');
    await rig.deliverAll();
    await rig.clock.advance(1_000);
    rig.process.end('den', { why: 'closed', reason: 'the agent was removed from the room' });
    await rig.clock.advance(60_000);
    expect(rig.process.joined).toHaveLength(1);
  });

  it("another program's agent is left alone, and replaced when it goes", async () => {
    const rig = await new Rig(NO_LOOKS).boot();
    rig.world.join('den', 'agent-AJ_other', 'agent');
    rig.world.join('den', 'ada');
    await rig.deliverAll();
    await rig.clock.advance(10_000);
    expect(rig.process.joined).toEqual([]);
    rig.world.leave('den', 'agent-AJ_other');
    await rig.deliverAll();
    await rig.clock.advance(1_000);
    expect(rig.process.joined).toEqual(['den']);
  });
});

it('after drain() nothing begins, and what runs goes on', async () => {
  const rig = await new Rig().boot();
  rig.world.join('den', 'ada');
  await rig.clock.advance(3_000);
  await rig.dispatcher.drain();
  rig.world.join('hall', 'bob');
  await rig.deliverAll();
  await rig.clock.advance(60_000);
  expect([rig.world.agents('den'), rig.world.agents('hall')]).toEqual([1, 0]);
  await rig.dispatcher.close();
  expect(rig.world.agents('den')).toBe(0);
  await rig.clock.advance(1_000);
  expect(rig.clock.pending).toBe(0);
});

type Step =
  | { readonly do: 'join' | 'leave'; readonly room: number; readonly who: number }
  | { readonly do: 'deliver'; readonly order: readonly number[] }
  | { readonly do: 'forge'; readonly room: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'hangUp' | 'fault'; readonly room: number }
  | { readonly do: 'crash' };

const room = fc.nat(2);
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('join' as const), room, who: fc.nat(2) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), room, who: fc.nat(2) }) },
    // Which of the events so far come now, in which order; numbers that come twice are repeats.
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        order: fc.array(fc.nat(30), { maxLength: 8 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('forge' as const), room }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('hangUp' as const, 'fault' as const), room }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  ),
  { minLength: 3, maxLength: 40 },
);

async function play(rig: Rig, sequence: readonly Step[]): Promise<void> {
  for (const step of sequence) {
    switch (step.do) {
      case 'join':
        rig.world.join(`room-${step.room}`, `person-${step.who}`);
        break;
      case 'leave':
        rig.world.leave(`room-${step.room}`, `person-${step.who}`);
        break;
      case 'deliver':
        for (const i of step.order) {
          const event = rig.world.events[i];
          if (event) await rig.deliver(event);
        }
        break;
      case 'forge': {
        const forged = {
          event: 'participant_joined',
          id: 'EV_forged',
          room: { sid: 'RM_forged', name: `room-${step.room}` },
          participant: { sid: 'PA', identity: 'eve' },
        };
        await rig.deliver(forged, 'not-the-secret-of-more-than-thirty-two-chars');
        break;
      }
      case 'wait':
        await rig.clock.advance(step.ms);
        break;
      case 'hangUp':
        rig.process.end(`room-${step.room}`, { why: 'hungUp' });
        break;
      case 'fault':
        rig.process.end(`room-${step.room}`, { why: 'failed', reason: 'a fault' });
        break;
      case 'crash':
        await rig.crash();
        await rig.boot();
        break;
    }
  }
}

it('whatever webhooks are lost, late, repeated, reordered or forged: one agent in each room with people', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const rig = await new Rig().boot();
      await play(rig, sequence);
      // Somebody new in every room, whose webhooks are all lost; ghosts of crashes have time to go.
      for (const i of [0, 1, 2]) rig.world.join(`room-${i}`, 'somebody-new');
      await rig.clock.advance(120_000);
      expect(rig.world.crowded).toEqual([]);
      expect([0, 1, 2].map((i) => rig.world.agents(`room-${i}`))).toEqual([1, 1, 1]);
      expect(rig.forgedAccepted).toBe(0);
      for (const i of [0, 1, 2]) {
        for (const who of ['person-0', 'person-1', 'person-2', 'somebody-new'])
          rig.world.leave(`room-${i}`, who);
      }
      await rig.clock.advance(120_000);
      expect([0, 1, 2].map((i) => rig.world.agents(`room-${i}`))).toEqual([0, 0, 0]);
      await rig.dispatcher.close();
      expect(rig.clock.pending).toBe(0);
    }),
    { numRuns: 60 },
  );
}, 60_000);
