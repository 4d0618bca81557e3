import { describe, expect, it } from 'vitest';
import { createDeliveries, type Deliveries } from '../../src/tasks/deliveries.ts';
import type { Task } from '../../src/tasks/taskRecord.ts';
import type { TaskStore } from '../../src/tasks/taskStore.ts';
import { createLinesLogger } from '../support/linesLogger.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { aTask } from './aTask.ts';

const ended = (change: Partial<Task> = {}) => aTask({ status: 'completed', notice: 'pending', ...change });

/** Several processes on one store. */
function setUp(tasks: readonly Task[], store: TaskStore = createMemoryTaskStore(tasks)) {
  const clock = new VirtualClock();
  const log = createLinesLogger();
  const world = { store, clock, log, today: () => clock.today(), leaseMs: 30_000 };
  const process = (name: string) => createDeliveries({ ...world, name });
  const call = (deliveries: Deliveries, owner = 'ann') => {
    const told: string[] = [];
    const leave = deliveries.follow(owner, (task) => told.push(task.jobId));
    return { told, leave };
  };
  const noticeOf = async (jobId = 'job-1') => (await store.get(jobId))?.notice;
  return { clock, log, store, process, call, noticeOf };
}

describe('the ledger of what was told', () => {
  it('claims an end before anybody is told of it, and knows when it was heard', async () => {
    const { clock, process, call, noticeOf, store } = setUp([ended()]);
    const one = process('one');
    const { told } = call(one);
    await clock.advance(0);
    expect(told).toEqual(['job-1']);
    expect(await store.get('job-1')).toMatchObject({
      notice: 'speaking',
      claim: { by: 'one/1', until: '2026-01-01T00:00:30.000Z' },
    });
    await one.heard('job-1');
    expect(await store.get('job-1')).toMatchObject({ notice: 'heard', claim: undefined });
    await clock.advance(120_000);
    expect(told).toEqual(['job-1']);
    expect(await noticeOf()).toBe('heard');
  });

  it('tells the oldest first, the owner’s own and nobody’s', async () => {
    const { clock, process, call } = setUp([
      ended({ jobId: 'new', createdAt: '2026-01-01T00:00:02.000Z' }),
      ended({ jobId: 'bob', owner: 'bob' }),
      ended({ jobId: 'old', createdAt: '2026-01-01T00:00:01.000Z', owner: '' }),
      ended({ jobId: 'told', notice: 'heard' }),
      aTask({ jobId: 'runs' }),
    ]);
    const { told } = call(process('one'));
    await clock.advance(5_000);
    expect(told).toEqual(['old', 'new']);
  });

  it('lets one of many calls tell, in whatever process', async () => {
    const { clock, process, call } = setUp([ended()]);
    const [one, two] = [process('one'), process('two')];
    const calls = [call(one), call(one), call(two), call(two)];
    await clock.advance(300_000);
    expect(calls.flatMap(({ told }) => told)).toEqual(['job-1']);
  });

  it('hears of what another process ended, within a second', async () => {
    const { clock, process, call, store } = setUp([aTask()]);
    const { told } = call(process('one'));
    await clock.advance(60_000);
    await store.update('job-1', () => ({ status: 'completed', notice: 'pending' }));
    await clock.advance(1_000);
    expect(told).toEqual(['job-1']);
  });

  it('offers again what was not heard when its call ended', async () => {
    const { clock, process, call, noticeOf } = setUp([ended()]);
    const [one, two] = [process('one'), process('two')];
    const first = call(one);
    await clock.advance(10_000);
    first.leave();
    const second = call(two);
    await clock.advance(1_900);
    expect(second.told).toEqual([]);
    await clock.advance(1_200);
    expect(second.told).toEqual(['job-1']);
    await two.heard('job-1');
    expect(await noticeOf()).toBe('heard');
  });

  it('counts what was heard in the last moment of a call, and later', async () => {
    const { clock, process, call, noticeOf } = setUp([ended(), ended({ jobId: 'job-2' })]);
    const one = process('one');
    const first = call(one);
    await clock.advance(10_000);
    first.leave();
    await clock.advance(1_000);
    await one.heard('job-1');
    await clock.advance(10_000);
    expect([await noticeOf(), await noticeOf('job-2')]).toEqual(['heard', 'pending']);
  });

  it('offers again what a dead process had claimed, when the claim has run out', async () => {
    const until = '2026-01-01T00:00:20.000Z';
    const { clock, process, call } = setUp([ended({ notice: 'speaking', claim: { by: 'dead/1', until } })]);
    const { told } = call(process('one'));
    await clock.advance(19_000);
    expect(told).toEqual([]);
    await clock.advance(2_000);
    expect(told).toEqual(['job-1']);
  });

  it('keeps a claim for as long as its call waits to speak', async () => {
    const { clock, process, call } = setUp([ended()]);
    const first = call(process('one'));
    const second = call(process('two'));
    await clock.advance(600_000);
    expect([first.told, second.told].map((told) => told.length).sort()).toEqual([0, 1]);
  });

  it('gives everything back when the process stops', async () => {
    const { clock, process, call, noticeOf, store } = setUp([ended()]);
    const one = process('one');
    call(one);
    await clock.advance(5_000);
    await one.stop();
    expect(await noticeOf()).toBe('pending');
    expect((await store.get('job-1'))?.claim).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('writes what was heard again and again until the store takes it', async () => {
    const { clock, process, call, store, noticeOf } = setUp([ended()]);
    const one = process('one');
    call(one);
    await clock.advance(0);
    const { heard } = store;
    let failures = 3;
    store.heard = (jobId) => (failures-- > 0 ? Promise.reject(new Error('full')) : heard(jobId));
    const written = one.heard('job-1');
    await clock.advance(10_000);
    await written;
    expect(await noticeOf()).toBe('heard');
  });

  it('waits ten seconds at most before it writes again what was heard, and not at all when it stops', async () => {
    const { clock, process, call, store, noticeOf } = setUp([ended()]);
    const one = process('one');
    call(one);
    await clock.advance(0);
    const { heard } = store;
    let isFull = true;
    store.heard = (jobId) => (isFull ? Promise.reject(new Error('full')) : heard(jobId));
    void one.heard('job-1');
    await clock.advance(3_600_000);
    isFull = false;
    await clock.advance(10_000);
    expect(await noticeOf()).toBe('heard');
    isFull = true;
    void one.heard('job-1');
    await clock.advance(1_000);
    // The clock stands still: whoever waited for it would not stop.
    await one.stop();
    expect(clock.pending).toBe(0);
  });

  it('says once that the store cannot be read, and goes on when it can', async () => {
    const { clock, process, call, store, log } = setUp([ended()]);
    const { version } = store;
    store.version = () => Promise.reject(new Error('gone'));
    const { told } = call(process('one'));
    await clock.advance(10_000);
    expect(log.lines).toEqual([expect.stringContaining('gone')]);
    store.version = version;
    await clock.advance(1_000);
    expect(told).toEqual(['job-1']);
  });

  it('asks nothing while there is no call', async () => {
    const { clock, process, call } = setUp([ended()]);
    const first = call(process('one'));
    await clock.advance(1_000);
    first.leave();
    await clock.advance(2_000);
    expect(clock.pending).toBe(0);
  });
});
