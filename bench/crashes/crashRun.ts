import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { serve } from '../../src/offline/serve.ts';
import { createJsonTaskStore } from '../../src/tasks/jsonTaskStore.ts';
import { live } from './life.ts';

/** What became of one task whose processes were killed. */
export interface CrashRun {
  /** What each killed process was about to do; undefined: it came to its end before. */
  readonly killed: readonly boolean[];
  /** Points that a process passed which came to its end; empty when none did. */
  readonly points: readonly string[];
  readonly jobsAtVendor: number;
  readonly tasksInStore: number;
  readonly told: number;
  /** Files left beside the task file. */
  readonly litter: readonly string[];
  /** Set when the last process did not come to its end. */
  readonly error?: string;
}

const anyTask = {
  description: '',
  status: 'completed',
  result: null,
  taskId: '',
  prompt: '',
  owner: '',
  createdAt: new Date(0).toISOString(),
  notice: 'heard',
} as const;

/** The lead of a killed process passes on when it is next wanted. */
const EXPECTED = ['tasks_results.json', 'tasks_results.json.poller.lock', 'told'];

/** Kills one process after the other at the given points (0: at none), then lets the last one come to its end. */
export async function crashRun(child: string, dieAt: readonly number[]): Promise<CrashRun> {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-crash-'));
  const vendor = createOfflineDoubleword({ turnaround: { ms: 60 }, populateMs: 0 });
  const server = await serve([vendor]);
  const path = join(folder, 'tasks_results.json');
  const toldPath = join(folder, 'told');
  const killed: boolean[] = [];
  let passed: readonly string[] = [];
  let error: string | undefined;
  try {
    for (const at of dieAt) {
      const { signal, output } = await run(child, [server.origin, path, toldPath, String(at)]);
      killed.push(signal === 'SIGKILL');
      if (signal === null && output !== '') passed = JSON.parse(output);
    }
    await live({
      origin: server.origin,
      path,
      toldPath,
      point: () => {},
      asOne: (_what, work) => work(),
    }).catch((cause) => {
      error = String(cause);
    });
    const store = createJsonTaskStore(path, { lockStaleMs: 2_000 });
    const tasks = await store.all();
    // What a killed process left beside the file goes with the next write.
    await store.put({ ...anyTask, jobId: 'next' });
    await store.remove('next');
    const told = await readFile(toldPath, 'utf8').catch(() => '');
    return {
      killed,
      points: passed,
      jobsAtVendor: vendor.control.batches().length,
      tasksInStore: tasks.length,
      told: told.split('\n').length - 1,
      litter: (await readdir(folder)).filter((name) => !EXPECTED.includes(name)),
      ...(error === undefined ? {} : { error }),
    };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function run(
  file: string,
  given: readonly string[],
): Promise<{ signal: NodeJS.Signals | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(`the process failed by itself:\n${errors}`));
      else resolve({ signal, output });
    });
  });
}
