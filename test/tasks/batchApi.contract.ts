import { expect, it } from 'vitest';
import type { BatchApi } from '../../src/tasks/batchApi.ts';

/** A batch service with hands in it. */
export interface BatchApiHarness {
  readonly api: BatchApi;
  finish(jobId: string, text: string): void;
  fail(jobId: string): void;
  /** How many jobs exist at the vendor. */
  jobCount(): number;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** What every batch API does; `open` gives one without jobs. */
export function batchApiContract(open: () => Promise<BatchApiHarness>): void {
  it('submits, and reads the answer when it is there', async () => {
    const { api, finish } = await open();
    const { jobId } = await api.submit({ taskId: 'task-a', prompt: 'Write.' });
    expect(await api.retrieve(jobId)).toMatchObject({ jobId, status: 'running', taskId: 'task-a' });
    finish(jobId, 'Written.');
    const snapshot = await api.retrieve(jobId);
    expect(snapshot.status).toBe('completed');
    expect(await api.result(snapshot)).toEqual({ ok: true, text: 'Written.' });
  });

  it('finds a job by the task that it is for, and only by that', async () => {
    const { api, jobCount } = await open();
    const { jobId } = await api.submit({ taskId: 'task-ab', prompt: 'p' });
    await api.submit({ taskId: 'task-abc', prompt: 'p' });
    expect(await api.find('task-ab')).toMatchObject({ jobId });
    expect(await api.find('task-a')).toBeUndefined();
    expect(jobCount()).toBe(2);
  });

  it('lists the newest jobs first, as many as are asked for', async () => {
    const { api } = await open();
    const jobIds: string[] = [];
    for (let i = 0; i < 5; i++)
      jobIds.unshift((await api.submit({ taskId: `task-${i}`, prompt: 'p' })).jobId);
    const listed = await api.list(100);
    expect(listed.map(({ jobId }) => jobId)).toEqual(jobIds);
    expect(listed[0]).toMatchObject({ status: 'running', taskId: 'task-4' });
    expect((await api.list(2)).map(({ jobId }) => jobId)).toEqual(jobIds.slice(0, 2));
  });

  it('tells why a job failed, in one sentence', async () => {
    const { api, fail } = await open();
    const { jobId } = await api.submit({ taskId: 'task-a', prompt: 'p' });
    fail(jobId);
    const snapshot = await api.retrieve(jobId);
    expect(snapshot.status).toBe('failed');
    expect(await api.result(snapshot)).toEqual({ ok: false, reason: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  it('cancels', async () => {
    const { api } = await open();
    const { jobId } = await api.submit({ taskId: 'task-a', prompt: 'p' });
    expect(await api.cancel(jobId)).toMatchObject({ jobId, status: 'cancelled' });
    expect(await api.retrieve(jobId)).toMatchObject({ status: 'cancelled' });
  });

  it('knows that a job is gone', async () => {
    const { api } = await open();
    expect(await api.retrieve(NOBODY)).toMatchObject({ jobId: NOBODY, status: 'gone' });
  });

  it('checks', async () => {
    const { api } = await open();
    await expect(api.check()).resolves.toBeUndefined();
  });
}
