import { expect, it } from 'vitest';
import { createProcessQueue } from '../../src/dispatch/processQueue.ts';
import { VoiceAgentError } from '../../src/errors.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { describeJobQueue, job } from './jobQueueContract.ts';

describeJobQueue('the queue of one process', async () => createProcessQueue({ clock: systemClock, log }));

it('runs a failing job again and again, later each time, a minute at most', async () => {
  const clock = new VirtualClock();
  const queue = createProcessQueue({ clock, log });
  const at: number[] = [];
  queue.start(async () => {
    at.push(clock.now());
    throw new Error('no track');
  }, 1);
  await queue.add(job('RM_1'));
  await clock.advance(300_000);
  const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
  expect(gaps.slice(0, 6)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  await queue.close();
  expect(clock.pending).toBe(0);
});

it('looks every two seconds for room where only that was missing', async () => {
  const clock = new VirtualClock();
  const queue = createProcessQueue({ clock, log });
  const at: number[] = [];
  queue.start(async () => {
    at.push(clock.now());
    throw new VoiceAgentError('VA_CALLS_FULL', 'no room', { retryable: true });
  }, 1);
  await queue.add(job('RM_1'));
  await clock.advance(6_000);
  expect(at).toEqual([0, 2_000, 4_000, 6_000]);
  await queue.close();
});
