import { describe, expect, it } from 'vitest';
import { createLocalHub } from '../../src/room/localRoom.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { describeRoomContract } from './roomContract.ts';

describeRoomContract(() => {
  const hub = createLocalHub({ clock: systemClock, name: 'kitchen' });
  return {
    join: (as) => hub.join(as),
    async destroy() {
      hub.close();
    },
  };
});

describe('the in-process room on a virtual clock', () => {
  async function call() {
    const clock = new VirtualClock();
    const hub = createLocalHub({ clock, name: 'kitchen' });
    const agent = await hub.join({ identity: 'agent', kind: 'agent' });
    const person = await hub.join({ identity: 'ada', kind: 'person', outputRate: 16_000 });
    const heard: Int16Array[] = [];
    person.on('audio', (frame) => heard.push(frame));
    return { clock, hub, agent, person, heard };
  }

  it('delivers a steady stream of frames, silence included', async () => {
    const { clock, heard, agent } = await call();
    await clock.advance(1000);
    expect(heard.length).toBeGreaterThanOrEqual(49);
    expect(heard.length).toBeLessThanOrEqual(50);
    expect(heard.every((frame) => frame.length === 320 && frame.every((sample) => sample === 0))).toBe(true);
    await agent.leave();
    const count = heard.length;
    await clock.advance(1000);
    expect(heard.length).toBe(count);
  });

  it('drops undelivered audio exactly: after clear() not a sample of it is heard', async () => {
    const { clock, heard, agent } = await call();
    await clock.advance(100);
    const loud = new Int16Array(480).fill(10_000);
    const writing = (async () => {
      for (let i = 0; i < 6; i++) await agent.output.write(loud);
    })();
    await clock.advance(60);
    const count = heard.length;
    expect(heard.at(-1)?.some((sample) => sample > 5000)).toBe(true);
    await agent.output.clear();
    await writing;
    await agent.output.clear();
    await clock.advance(500);
    expect(heard.length).toBeGreaterThan(count + 20);
    expect(heard.slice(count).every((frame) => frame.every((sample) => sample === 0))).toBe(true);
  });

  it('plays every accepted sample once and in order', async () => {
    const { clock, person, agent } = await call();
    const received: Int16Array[] = [];
    agent.on('audio', (frame) => received.push(frame));
    const ramp = Int16Array.from({ length: 3200 }, (_, i) => i + 1);
    const writing = (async () => {
      for (let at = 0; at < ramp.length; at += 300) await person.output.write(ramp.subarray(at, at + 300));
    })();
    await clock.advance(1000);
    await writing;
    const samples = received.flatMap((frame) => [...frame]).filter((sample) => sample !== 0);
    expect(samples).toEqual([...ramp]);
  });

  it('stops its clock when the last one has left', async () => {
    const { clock, agent, person } = await call();
    await clock.advance(50);
    await Promise.all([agent.leave(), person.leave()]);
    expect(clock.pending).toBe(0);
  });
});
