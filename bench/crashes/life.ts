import { appendFileSync } from 'node:fs';
import { createDoubleword } from '../../src/tasks/doubleword.ts';
import { createJsonTaskStore } from '../../src/tasks/jsonTaskStore.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import type { Task } from '../../src/tasks/taskRecord.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';

/** One process's share in the life of a task. */
export interface LifeOptions {
  /** Of the batch service. */
  readonly origin: string;
  /** The task file. */
  readonly path: string;
  /** A line is added for each time that an end was told to its key words. */
  readonly toldPath: string;
  /** Called where sound becomes audible and stops. */
  point(what: string): void;
  /** Does what a process can only die before or after. */
  asOne(what: string, work: () => void): void;
}

const MODEL = 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8';
const OWNER = 'ann';
const GIVE_UP_MS = 30_000;
const WORD_MS = 3;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The whole of a process that serves a call: takes up what earlier ones left, is asked for the task (by a caller who
 * repeats the request when the line broke), waits for its end, tells it, and stops. The real desk, store and client; the
 * voice is a loop that says word after word.
 */
export async function live({ origin, path, toldPath, point, asOne }: LifeOptions): Promise<void> {
  const store = createJsonTaskStore(path, { lockStaleMs: 2_000, leadStaleMs: 2_000 });
  const api = createDoubleword({
    apiKey: 'sk-any',
    baseUrl: `${origin}/v1`,
    model: MODEL,
    systemPrompt: 'You write documents.',
    clock: systemClock,
  });
  const desk = createTaskDesk({
    api,
    store,
    clock: systemClock,
    log: silentLogger,
    pollIntervalMs: 50,
    leaseMs: 700,
    lookMs: 50,
  });
  let speaking: Promise<unknown> = Promise.resolve();
  const speak = async ({ jobId }: Task) => {
    point('the first sample');
    await pause(WORD_MS);
    point('before the key words');
    await pause(WORD_MS);
    // What is told and what is known of it belong to one turn of the event loop, some tens of microseconds.
    asOne('the last key word', () => {
      appendFileSync(toldPath, `${jobId}\n`);
      void desk.markHeard(jobId);
    });
    await pause(WORD_MS);
    point('the question after it');
  };
  await desk.start();
  desk.follow(OWNER, (task) => {
    speaking = speaking.then(() => speak(task));
  });
  await desk.submit(OWNER, 'plan', 'Write a plan.');
  const until = performance.now() + GIVE_UP_MS;
  for (;;) {
    const tasks = await desk.list();
    if (tasks.length > 0 && tasks.every(({ notice }) => notice === 'heard')) break;
    if (performance.now() > until)
      throw new Error(`not told within ${GIVE_UP_MS} ms: ${JSON.stringify(tasks)}`);
    await pause(20);
  }
  await speaking;
  await desk.stop();
  await store.close();
}
