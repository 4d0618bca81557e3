import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createJsonTaskStore } from '../../src/tasks/jsonTaskStore.ts';
import { createLinesLogger } from '../support/linesLogger.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { aTask } from './aTask.ts';
import { taskStoreContract } from './taskStore.contract.ts';

const folders: string[] = [];

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-store-'));
  folders.push(folder);
  return join(folder, 'tasks_results.json');
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe('the JSON task store', () => {
  taskStoreContract(async () => createJsonTaskStore(await newPath()));
});

describe('the task store of tests', () => {
  taskStoreContract(async () => createMemoryTaskStore());
});

describe('tasks_results.json', () => {
  const ORIGINAL = {
    'b-1': { description: 'business plan', status: 'completed', result: '# Plan', extra: { kept: true } },
    'b-2': { description: 'report', status: 'processing', result: null },
    note: 'not a task',
  };

  it('of the original app is read as it is, its ends counted as told', async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify(ORIGINAL));
    const tasks = await createJsonTaskStore(path).all();
    expect(tasks).toMatchObject([
      { jobId: 'b-1', description: 'business plan', status: 'completed', result: '# Plan', notice: 'heard' },
      { jobId: 'b-2', description: 'report', status: 'processing', result: null, notice: 'none', owner: '' },
    ]);
    // An old running job is not old enough to have expired just because nobody wrote down when it began.
    expect(Date.now() - Date.parse(tasks[1]?.createdAt ?? '')).toBeLessThan(3_600_000);
  });

  it('keeps fields and entries that this program does not know', async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify(ORIGINAL));
    const store = createJsonTaskStore(path);
    await store.update('b-1', () => ({ notice: 'heard' }));
    await store.put(aTask());
    const file = JSON.parse(await readFile(path, 'utf8'));
    expect(file['b-1']).toMatchObject(ORIGINAL['b-1']);
    expect(file['b-2']).toEqual(ORIGINAL['b-2']);
    expect(file.note).toBe('not a task');
    expect(file['job-1']).toMatchObject({ description: 'business plan', status: 'processing', result: null });
    expect(file['job-1']).not.toHaveProperty('jobId');
  });

  it('is readable by people', async () => {
    const path = await newPath();
    await createJsonTaskStore(path).put(aTask());
    expect(await readFile(path, 'utf8')).toContain('\n  "job-1": {\n    "description": "business plan",\n');
  });

  it.each([
    ['cut in the middle', '{"b-1": {"description": "bus'],
    ['not an object', '[1, 2]'],
    ['not JSON', 'hello'],
  ])('that is damaged (%s) is set aside, said, and never overwritten', async (_name, text) => {
    const path = await newPath();
    await writeFile(path, text);
    const log = createLinesLogger();
    const store = createJsonTaskStore(path, { log });
    await store.put(aTask());
    const names = await readdir(join(path, '..'));
    const aside = names.find((name) => name.startsWith('tasks_results.json.damaged-')) ?? '';
    expect(await readFile(join(path, '..', aside), 'utf8')).toBe(text);
    expect(log.lines).toEqual([expect.stringContaining(aside)]);
    expect((await store.all()).map((task) => task.jobId)).toEqual(['job-1']);
  });

  it('that is empty is a new file', async () => {
    const path = await newPath();
    await writeFile(path, '');
    const log = createLinesLogger();
    expect(await createJsonTaskStore(path, { log }).all()).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  it('in a folder that is not there is an error that names the file', async () => {
    const path = join(await newPath(), 'missing', 'tasks_results.json');
    await expect(createJsonTaskStore(path).put(aTask())).rejects.toMatchObject({
      code: 'VA_STORE',
      message: expect.stringContaining(path),
    });
  });

  it('goes on after a failed write', async () => {
    const path = await newPath();
    const store = createJsonTaskStore(path);
    await store.put(aTask());
    const failing = store.update('job-1', () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toMatchObject({ code: 'VA_STORE' });
    expect(await store.get('job-1')).toEqual(aTask());
  });

  it('leaves no temporary files', async () => {
    const path = await newPath();
    const store = createJsonTaskStore(path);
    await Promise.all([store.put(aTask()), store.put(aTask({ jobId: 'job-2' }))]);
    expect(await readdir(join(path, '..'))).toEqual(['tasks_results.json']);
  });
});
