import { expect, it } from 'vitest';
import type { TaskStore } from '../../src/tasks/taskStore.ts';
import { aTask } from './aTask.ts';

/** A new, empty place for tasks, and stores on it, each as another process would have it. */
export interface StorePlace {
  readonly store: TaskStore;
  another(): TaskStore;
}

/** What every task store does. */
export function taskStoreContract(open: () => Promise<StorePlace>): void {
  it('starts empty', async () => {
    const { store } = await open();
    expect(await store.all()).toEqual([]);
    expect(await store.get('job-1')).toBeUndefined();
  });

  it('gives back what was put, whole', async () => {
    const { store, another } = await open();
    const task = aTask({
      result: 'Ünïcode\n"quotes"\n'.repeat(100),
      finishedAt: '2026-01-01T00:01:00.000Z',
      notice: 'speaking',
      claim: { by: 'call-1', until: '2026-01-01T00:02:00.000Z' },
    });
    await store.put(task);
    expect(await store.get('job-1')).toEqual(task);
    expect(await another().all()).toEqual([task]);
  });

  it('changes only what an update names', async () => {
    const { store, another } = await open();
    await store.put(aTask());
    const changed = await store.update('job-1', (task) => ({ notice: 'pending', result: `${task.prompt}!` }));
    expect(changed).toEqual(
      aTask({ notice: 'pending', result: 'Write a business plan for a coffee shop.!' }),
    );
    expect(await another().get('job-1')).toEqual(changed);
  });

  it('takes a claim away again', async () => {
    const { store } = await open();
    await store.put(aTask());
    const claim = { by: 'call-1', until: '2026-01-01T00:02:00.000Z' };
    expect(await store.update('job-1', () => ({ claim }))).toMatchObject({ claim });
    expect((await store.update('job-1', () => ({ claim: undefined })))?.claim).toBeUndefined();
    expect(await store.get('job-1')).toEqual(aTask());
  });

  it('updates nothing that is not there', async () => {
    const { store } = await open();
    expect(await store.update('job-9', () => ({ notice: 'heard' }))).toBeUndefined();
    expect(await store.all()).toEqual([]);
  });

  it('writes nothing when nothing becomes different', async () => {
    const { store } = await open();
    await store.put(aTask());
    const version = await store.version();
    expect(await store.update('job-1', () => ({}))).toEqual(aTask());
    expect(await store.version()).toBe(version);
  });

  it('puts a job in the place of its intent, and removes', async () => {
    const { store } = await open();
    await store.put(aTask({ jobId: 'task-1' }));
    await store.replace('task-1', aTask());
    expect((await store.all()).map((task) => task.jobId)).toEqual(['job-1']);
    await store.remove('job-1');
    await store.remove('job-1');
    expect(await store.all()).toEqual([]);
  });

  it('prunes what is over, for every process, and nothing else', async () => {
    const { store, another } = await open();
    const ids = ['job-1', 'job-2', 'job-3'];
    for (const jobId of ids) await store.put(aTask({ jobId }));
    await another().update('job-2', () => ({ status: 'completed', notice: 'speaking' }));
    await another().heard('job-2');
    const version = await store.version();
    expect(await store.prune(() => false)).toBe(0);
    expect(await store.version()).toBe(version);
    expect(await store.prune(({ status }) => status === 'completed')).toBe(1);
    expect(await store.version()).not.toBe(version);
    expect((await another().all()).map(({ jobId }) => jobId).sort()).toEqual(['job-1', 'job-3']);
    // Nothing of it is left that would hold of a later task with its id.
    await store.put(aTask({ jobId: 'job-2', status: 'completed', notice: 'pending' }));
    expect((await another().get('job-2'))?.notice).toBe('pending');
  });

  it('has another version after every change, of any process', async () => {
    const { store, another } = await open();
    const other = another();
    const seen = new Set([await store.version()]);
    await other.put(aTask({ jobId: 'task-1' }));
    seen.add(await store.version());
    await other.replace('task-1', aTask());
    seen.add(await store.version());
    await other.update('job-1', () => ({ notice: 'pending' }));
    seen.add(await store.version());
    await other.heard('job-1');
    seen.add(await store.version());
    await other.remove('job-1');
    seen.add(await store.version());
    expect(seen.size).toBe(6);
    expect(await store.version()).toBe(await other.version());
  });

  it('knows of an end that was heard, and ends the claim on it', async () => {
    const { store, another } = await open();
    const claim = { by: 'call-1', until: '2026-01-01T00:02:00.000Z' };
    await store.put(aTask({ status: 'completed', notice: 'speaking', claim }));
    await store.heard('job-1');
    const told = aTask({ status: 'completed', notice: 'heard' });
    expect(await store.get('job-1')).toEqual(told);
    expect(await another().all()).toEqual([told]);
    await store.heard('job-of-nobody');
    expect(await store.all()).toEqual([told]);
  });

  it('loses nothing when many write at once', async () => {
    const { store, another } = await open();
    const stores = [store, another()];
    const ids = Array.from({ length: 25 }, (_, i) => `job-${i}`);
    await Promise.all(ids.map((jobId, i) => stores[i % 2]?.put(aTask({ jobId }))));
    await Promise.all(
      ids.flatMap((jobId) => [
        store.update(jobId, () => ({ notice: 'pending' })),
        another().update(jobId, () => ({ result: jobId })),
      ]),
    );
    const tasks = await store.all();
    expect(tasks.map((task) => task.result).sort()).toEqual([...ids].sort());
    expect(tasks.every((task) => task.notice === 'pending')).toBe(true);
  });

  it('gives a claim to one of many who want it', async () => {
    const { store, another } = await open();
    await store.put(aTask({ status: 'completed', notice: 'pending' }));
    const until = '2026-01-01T00:02:00.000Z';
    const won = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const by = `call-${i}`;
        const task = await another().update('job-1', ({ notice }) =>
          notice === 'pending' ? { notice: 'speaking', claim: { by, until } } : {},
        );
        return task?.claim?.by === by;
      }),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('lets one process lead, and the next when it lets go', async () => {
    const { store, another } = await open();
    const other = another();
    const lead = await store.lead();
    expect(lead?.held()).toBe(true);
    expect(await other.lead()).toBeUndefined();
    await lead?.release();
    const next = await other.lead();
    expect(next?.held()).toBe(true);
    expect(await store.lead()).toBeUndefined();
    await next?.release();
  });
}
