import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { WorkerQueue } from '../../src/workers/workerQueue.ts';
import { VirtualClock } from '../support/virtualClock.ts';

/** Answers with what it was sent; `hold` waits to be cancelled; `fail` is refused; `die` ends the thread. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ type, id, message }) => {
    if (type === 'cancel') return parentPort.postMessage({ id, ok: true, value: 'too late' });
    if (message === 'die') process.exit(7);
    if (message === 'throw') throw new Error('out of memory');
    if (message === 'fail') return parentPort.postMessage({ id, ok: false, reason: 'no such file' });
    if (message !== 'hold') parentPort.postMessage({ id, ok: true, value: message });
  });
`;

const queues: WorkerQueue[] = [];

function start() {
  const clock = new VirtualClock();
  const threads: Worker[] = [];
  const queue = new WorkerQueue({
    clock,
    failure: (reason) => new Error(`It failed: ${reason}.`),
    spawn: () => {
      const thread = new Worker(THREAD, { eval: true });
      threads.push(thread);
      return thread;
    },
  });
  queues.push(queue);
  return { clock, queue, threads };
}

afterEach(() => Promise.all(queues.splice(0).map((queue) => queue.close())));

describe('a queue of requests to a thread', () => {
  it('starts the thread at the first request and answers in order', async () => {
    const { queue, threads } = start();
    expect(threads).toHaveLength(0);
    const order: unknown[] = [];
    const answers = [1, 2, 3].map((n) => queue.request(n).then((answer) => order.push(answer)));
    await Promise.all(answers);
    expect(order).toEqual([1, 2, 3]);
    expect(threads).toHaveLength(1);
  });

  it('answers undefined at the deadline, stops the work, and goes on with the next', async () => {
    const { clock, queue } = start();
    const late = queue.request('hold', { deadlineMs: 100 });
    const next = queue.request('next');
    await clock.advance(99);
    const pending = Symbol('pending');
    expect(await Promise.race([late, new Promise((resolve) => setImmediate(resolve, pending))])).toBe(
      pending,
    );
    await clock.advance(1);
    expect(await late).toBeUndefined();
    expect(await next).toBe('next');
  });

  it('never starts a request whose deadline passed while it waited', async () => {
    const { clock, queue, threads } = start();
    const first = queue.request('hold', { deadlineMs: 100 });
    const deadly = queue.request('die', { deadlineMs: 50 });
    await clock.advance(50);
    expect(await deadly).toBeUndefined();
    await clock.advance(50);
    await first;
    expect(await queue.request('alive')).toBe('alive');
    expect(threads).toHaveLength(1);
  });

  it('leaves no timer behind when the answer came in time', async () => {
    const { clock, queue } = start();
    await queue.request('quick', { deadlineMs: 100 });
    expect(clock.pending).toBe(0);
  });

  it('rejects with the reason that the thread gives, and goes on', async () => {
    const { queue } = start();
    await expect(queue.request('fail')).rejects.toThrow('It failed: no such file.');
    expect(await queue.request('next')).toBe('next');
  });

  it.each([
    ['die', 'code 7'],
    ['throw', 'out of memory'],
  ])(
    'rejects everything pending when the thread ends (%s), and starts another for the next',
    async (how, why) => {
      const { queue, threads } = start();
      const pending = [queue.request(how), queue.request('waiting')];
      for (const request of pending) await expect(request).rejects.toThrow(why);
      expect(await queue.request('again')).toBe('again');
      expect(threads).toHaveLength(2);
    },
  );

  it('answers undefined to what is pending when it is closed, and refuses what comes after', async () => {
    const { queue } = start();
    const pending = [queue.request('hold'), queue.request('waiting')];
    await queue.close();
    expect(await Promise.all(pending)).toEqual([undefined, undefined]);
    await expect(queue.request('more')).rejects.toThrow('closed');
  });
});
