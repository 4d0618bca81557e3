import { expect, it } from 'vitest';
import type { TaskStore } from '../../src/tasks/taskStore.ts';
import { aTask } from './aTask.ts';

/** What every task store does; `open` gives a new, empty one. */
export function taskStoreContract(open: () => Promise<TaskStore>): void {
  it('starts empty', async () => {
    const store = await open();
    expect(await store.all()).toEqual([]);
    expect(await store.get('job-1')).toBeUndefined();
  });

  it('gives back what was put, whole', async () => {
    const store = await open();
    const task = aTask({ result: 'Ünïcode\n"quotes"\n'.repeat(100), finishedAt: '2026-01-01T00:01:00.000Z' });
    await store.put(task);
    expect(await store.get('job-1')).toEqual(task);
    expect(await store.all()).toEqual([task]);
  });

  it('changes only what an update names', async () => {
    const store = await open();
    await store.put(aTask());
    const changed = await store.update('job-1', (task) => ({ notice: 'pending', result: `${task.prompt}!` }));
    expect(changed).toEqual(
      aTask({ notice: 'pending', result: 'Write a business plan for a coffee shop.!' }),
    );
    expect(await store.get('job-1')).toEqual(changed);
  });

  it('updates nothing that is not there', async () => {
    const store = await open();
    expect(await store.update('job-9', () => ({ notice: 'heard' }))).toBeUndefined();
    expect(await store.all()).toEqual([]);
  });

  it('puts a job in the place of its intent, and removes', async () => {
    const store = await open();
    await store.put(aTask({ jobId: 'task-1' }));
    await store.replace('task-1', aTask());
    expect((await store.all()).map((task) => task.jobId)).toEqual(['job-1']);
    await store.remove('job-1');
    await store.remove('job-1');
    expect(await store.all()).toEqual([]);
  });

  it('loses nothing when many write at once', async () => {
    const store = await open();
    const ids = Array.from({ length: 25 }, (_, i) => `job-${i}`);
    await Promise.all(ids.map((jobId) => store.put(aTask({ jobId }))));
    await Promise.all(
      ids.flatMap((jobId) => [
        store.update(jobId, () => ({ notice: 'pending' })),
        store.update(jobId, () => ({ result: jobId })),
      ]),
    );
    const tasks = await store.all();
    expect(tasks.map((task) => task.result).sort()).toEqual([...ids].sort());
    expect(tasks.every((task) => task.notice === 'pending')).toBe(true);
  });
}
