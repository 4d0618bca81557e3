import { expect, it } from 'vitest';
import type { Agent } from '../../src/app/agent.ts';
import { localVenue } from '../../src/app/venue.ts';
import { Calls } from '../../src/cli/calls.ts';
import type { AgentProcess } from '../../src/cli/process.ts';
import type { SessionEnd } from '../../src/session/session.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { VirtualClock } from '../support/virtualClock.ts';

async function build(serve: (...args: Parameters<Agent['serve']>) => Promise<unknown>) {
  const clock = new VirtualClock();
  const venue = localVenue({ clock, log });
  const running = {
    clock,
    log,
    config: { calls: { perWorker: 5 }, agent: { name: 'Assistant' }, files: { recordCalls: false } },
    agent: { serve },
  } as unknown as AgentProcess;
  const ada = await venue.join({ room: 'den', identity: 'ada', kind: 'person' });
  const calls = new Calls(running, venue);
  const place = (signal = new AbortController().signal) =>
    calls.place({ room: 'den', roomSid: 'RM_1', source: 'webhook', requestedAt: 0 }, signal);
  return { calls, place, agents: () => ada.participants.map(({ kind }) => kind) };
}

it('a call that cannot be served leaves no agent behind in its room', async () => {
  const { calls, place, agents } = await build(() => Promise.reject(new Error('no model')));
  await expect(place()).rejects.toThrow('no model');
  expect([agents(), calls.size]).toEqual([[], 0]);
});

it('a join that is given up while the agent is made ready ends with no call', async () => {
  const stop = new AbortController();
  const { calls, place, agents } = await build(async (room) => {
    stop.abort();
    let finish: (end: SessionEnd) => void = () => {};
    const ended = new Promise<SessionEnd>((resolve) => {
      finish = resolve;
    });
    const hangUp = async () => {
      await room.leave();
      finish({ why: 'hungUp' });
    };
    return { ended, hangUp };
  });
  await expect(place(stop.signal)).rejects.toThrow('aborted');
  await calls.hangUpAll();
  expect([agents(), calls.size]).toEqual([[], 0]);
});
