import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createDoubleword } from '../../../src/tasks/doubleword.ts';
import { createJsonTaskStore } from '../../../src/tasks/jsonTaskStore.ts';
import { createTaskDesk } from '../../../src/tasks/taskDesk.ts';
import { silentLogger } from '../../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../../src/time/systemClock.ts';

/** A process with many tasks in flight that measures how long its event loop was held up. */
const [origin = '', path = '', tasks = '0', pollIntervalMs = '0'] = process.argv.slice(2);
const count = Number(tasks);
const store = createJsonTaskStore(path);
const api = createDoubleword({
  apiKey: 'sk-any',
  baseUrl: `${origin}/v1`,
  model: 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8',
  systemPrompt: 'You write documents.',
  clock: systemClock,
});
const desk = createTaskDesk({
  api,
  store,
  clock: systemClock,
  log: silentLogger,
  pollIntervalMs: Number(pollIntervalMs),
});
const delay = monitorEventLoopDelay({ resolution: 1 });
/** Longest time that the loop was held up by work of this process: other programs on the machine do not count. */
let heldUpMs = 0;
let since = performance.now();
let last = { at: performance.now(), cpu: process.cpuUsage() };
setInterval(() => {
  const at = performance.now();
  const cpu = process.cpuUsage();
  const worked = (cpu.user - last.cpu.user + cpu.system - last.cpu.system) / 1000;
  heldUpMs = Math.max(heldUpMs, Math.min(at - last.at, worked));
  last = { at, cpu };
}, 1);
const reset = () => {
  delay.reset();
  heldUpMs = 0;
  since = performance.now();
};
const figures = () => ({
  ms: Math.round(performance.now() - since),
  heldUpMs: Math.round(heldUpMs * 10) / 10,
  delayMaxMs: Math.round(delay.max / 1e6),
  delayP99Ms: Math.round(delay.percentile(99) / 1e6),
});

await desk.start();
// What is compiled on its first use is no part of the measurement.
await desk.submit('ann', 'first', 'Write.');
delay.enable();
for (let i = 1; i < count; i += 9) {
  const some = Array.from({ length: Math.min(9, count - i) }, (_, k) => `task ${i + k}`);
  await Promise.all(some.map((name) => desk.submit('ann', name, `Write ${name}.`)));
}
process.stdout.write(`${JSON.stringify({ submitting: figures() })}\n`);
reset();
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdout.write(`${JSON.stringify({ polling: figures() })}\n`);
reset();
const isRunning = ({ status }: { readonly status: string }) => status === 'processing';
while ((await desk.list()).some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 50));
process.stdout.write(`${JSON.stringify({ ending: figures() })}\n`);
await desk.stop();
process.exit(0);
