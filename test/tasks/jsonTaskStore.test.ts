import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createJsonTaskStore } from '../../src/tasks/jsonTaskStore.ts';
import { TaskFile } from '../../src/tasks/taskFile.ts';
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
  taskStoreContract(async () => {
    const path = await newPath();
    return { store: createJsonTaskStore(path), another: () => createJsonTaskStore(path) };
  });
});

describe('the task store of tests', () => {
  taskStoreContract(async () => {
    const store = createMemoryTaskStore();
    return { store, another: () => store };
  });
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
    // The lock is let go of a moment after the answer.
    await store.close();
    expect(await readdir(join(path, '..'))).toEqual(['tasks_results.json']);
  });
});

describe('the task file, between processes', () => {
  it('is taken over from a process that died while it wrote', async () => {
    const path = await newPath();
    await createJsonTaskStore(path).put(aTask());
    // What killed processes leave: a lock, and halves of the next file.
    await mkdir(`${path}.lock`);
    for (const name of ['tmp', '4711.0a1b2c3d.tmp']) await writeFile(`${path}.${name}`, '{"job-1": {"desc');
    const store = createJsonTaskStore(path, { lockStaleMs: 2_000 });
    expect(await store.all()).toEqual([aTask()]);
    await store.put(aTask({ jobId: 'job-2' }));
    expect((await store.all()).map(({ jobId }) => jobId)).toEqual(['job-1', 'job-2']);
    await store.close();
    expect(await readdir(join(path, '..'))).toEqual(['tasks_results.json']);
  });

  it('is written by each process in a file of its own, which is gone when the lock was lost', async () => {
    const path = await newPath();
    const late = new TaskFile(path, undefined);
    expect(await late.write(new Map(), async () => true)).toBe(true);
    let answer = (_isMine: boolean) => {};
    const writing = new TaskFile(path, undefined).write(new Map([['a', 1]]), () => {
      return new Promise((resolve) => (answer = resolve));
    });
    await expect.poll(async () => (await readdir(join(path, '..'))).length).toBe(2);
    expect(await late.write(new Map([['b', 2]]), async () => false)).toBe(false);
    await expect(late.write(new Map([['b', 2]]), () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    answer(true);
    expect(await writing).toBe(true);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ a: 1 });
    expect(await readdir(join(path, '..'))).toEqual(['tasks_results.json']);
  });

  it('knows what was heard although the process died before it stood in the file', async () => {
    const path = await newPath();
    const store = createJsonTaskStore(path);
    const claim = { by: 'dead', until: '2026-01-01T00:00:00.000Z' };
    await store.put(aTask({ jobId: 'a/b', status: 'completed', notice: 'speaking', claim }));
    await writeFile(`${path}.heard-a%2Fb`, '');
    const told = aTask({ jobId: 'a/b', status: 'completed', notice: 'heard' });
    expect(await store.all()).toEqual([told]);
    expect(await store.update('a/b', ({ notice }) => (notice === 'heard' ? {} : { result: 'x' }))).toEqual(
      told,
    );
    await store.close();
    expect(await readdir(join(path, '..'))).toEqual(['tasks_results.json']);
  });

  it('has its mark of what was heard before the call returns', async () => {
    const path = await newPath();
    const store = createJsonTaskStore(path);
    await store.put(aTask({ status: 'completed', notice: 'speaking' }));
    const written = store.heard('job-1');
    expect(existsSync(`${path}.heard-job-1`)).toBe(true);
    await written;
    await store.close();
    expect(await readdir(join(path, '..'))).toEqual(['tasks_results.json']);
  });

  it('is written once for many changes at a time', async () => {
    const path = await newPath();
    const store = createJsonTaskStore(path);
    const versions = new Set<string>();
    const puts = Array.from({ length: 50 }, async (_, i) => {
      await store.put(aTask({ jobId: `job-${i}` }));
      versions.add(await store.version());
    });
    await Promise.all(puts);
    expect(await store.all()).toHaveLength(50);
    expect(versions.size).toBeLessThan(5);
  });
});
