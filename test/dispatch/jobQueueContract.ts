import { describe, expect, it } from 'vitest';
import type { RoomJob } from '../../src/dispatch/callJob.ts';
import type { JobQueue, RunContext } from '../../src/dispatch/jobQueue.ts';
import { RetryLater } from '../../src/dispatch/retryLater.ts';
import { waitUntil } from '../support/waitUntil.ts';

export const job = (roomSid: string, room = 'den'): RoomJob => ({
  room,
  roomSid,
  source: 'webhook',
  requestedAt: 1_000,
});

/** Runs that wait until the test ends them. */
export class Runs {
  readonly started: Array<{
    job: RoomJob;
    context: RunContext;
    end: () => void;
    fail: (error: Error) => void;
  }> = [];
  readonly run = (what: RoomJob, context: RunContext) =>
    new Promise<void>((resolve, reject) => {
      this.started.push({ job: what, context, end: resolve, fail: reject });
    });

  async began(count: number): Promise<void> {
    await waitUntil(`${count} runs have begun`, () => this.started.length >= count);
  }

  endAll(): void {
    for (const { end } of this.started) end();
  }
}

/** What every queue holds to. `make` gives a fresh one. */
export function describeJobQueue(name: string, make: () => Promise<JobQueue>): void {
  describe(name, () => {
    const build = async (capacity = 10) => {
      const queue = await make();
      const runs = new Runs();
      queue.start(runs.run, capacity);
      return { queue, runs };
    };

    it('runs what was added, with all that the job says', async () => {
      const { queue, runs } = await build();
      const whole: RoomJob = { ...job('RM_1'), metadata: '{"a":1}' };
      await queue.add(whole);
      await runs.began(1);
      expect(runs.started[0]?.job).toEqual(whole);
      expect(runs.started[0]?.context.attempt).toBe(1);
      runs.endAll();
      await queue.close();
    });

    it('keeps what is added before it starts', async () => {
      const queue = await make();
      await queue.add(job('RM_1'));
      expect(await queue.held(['RM_1'])).toEqual(new Set(['RM_1']));
      const runs = new Runs();
      queue.start(runs.run, 1);
      await runs.began(1);
      runs.endAll();
      await queue.close();
    });

    it('has one job for a session of a room, waiting or running, and another after its end', async () => {
      const { queue, runs } = await build(1);
      await Promise.all([queue.add(job('RM_1')), queue.add(job('RM_1')), queue.add(job('RM_2'))]);
      await runs.began(1);
      await queue.add(job('RM_1'));
      await queue.add(job('RM_2'));
      expect(await queue.held(['RM_1', 'RM_2', 'RM_3'])).toEqual(new Set(['RM_1', 'RM_2']));
      expect(runs.started).toHaveLength(1);
      runs.started[0]?.end();
      await runs.began(2);
      runs.started[1]?.end();
      expect(runs.started.map((run) => run.job.roomSid).toSorted()).toEqual(['RM_1', 'RM_2']);
      await expect.poll(async () => (await queue.held(['RM_1', 'RM_2'])).size).toBe(0);
      await queue.add(job('RM_1'));
      await runs.began(3);
      runs.endAll();
      await queue.close();
    });

    it('runs no more than its capacity at once', async () => {
      const { queue, runs } = await build(2);
      for (let i = 0; i < 5; i++) await queue.add(job(`RM_${i}`));
      await runs.began(2);
      expect(runs.started).toHaveLength(2);
      runs.started[0]?.end();
      await runs.began(3);
      expect(runs.started).toHaveLength(3);
      const ending = queue.close();
      runs.endAll();
      await ending;
    });

    it('runs a job again that failed, counting the attempts, and keeps the room meanwhile', async () => {
      const { queue, runs } = await build();
      await queue.add(job('RM_1'));
      await runs.began(1);
      runs.started[0]?.fail(new RetryLater('not yet', 50));
      expect(await queue.held(['RM_1'])).toEqual(new Set(['RM_1']));
      await queue.add(job('RM_1'));
      await runs.began(2);
      expect(runs.started[1]?.context.attempt).toBe(2);
      runs.started[1]?.fail(new RetryLater('not yet', 50));
      await runs.began(3);
      expect(runs.started[2]?.context.attempt).toBe(3);
      runs.endAll();
      await queue.close();
      expect(runs.started).toHaveLength(3);
    });

    it('begins nothing after drain(), tells the runs, and lets them go on', async () => {
      const { queue, runs } = await build(1);
      await queue.add(job('RM_1'));
      await runs.began(1);
      await queue.add(job('RM_2'));
      await queue.drain();
      expect(runs.started[0]?.context.signal.aborted).toBe(true);
      let closed = false;
      const closing = queue.close().then(() => {
        closed = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(closed).toBe(false);
      runs.endAll();
      await closing;
      expect(runs.started).toHaveLength(1);
    });
  });
}
