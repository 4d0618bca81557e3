import { setTimeout as pause } from 'node:timers/promises';
import { watchFaults } from '../../src/cli/faults.ts';
import { inCallScope } from '../../src/telemetry/callScope.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';

// Faults of all kinds, one after the other; each line says what became of one.
const say = (line: string) => process.stdout.write(`${line}\n`);
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

watchFaults(silentLogger, (error) => {
  say(`broken: ${messageOf(error)}`);
  process.exit(7);
});

function inCall(room: string, work: () => void | Promise<void>): void {
  const fail = (error: unknown) => say(`${room} fails: ${messageOf(error)}`);
  void inCallScope({ room, fail }, work);
}

const STEP_MS = 200;
inCall('quiet', () => void setTimeout(() => say('quiet goes on'), 6 * STEP_MS));
inCall('timer', () => {
  setTimeout(() => {
    throw new Error('in a timer');
  }, STEP_MS);
});
inCall('promise', async () => {
  await pause(2 * STEP_MS);
  throw new Error('after a wait');
});
setTimeout(() => void Promise.reject(new Error('nobody’s rejection')), 3 * STEP_MS);
setTimeout(() => say('still here'), 5 * STEP_MS);
setTimeout(() => {
  throw new Error('nobody’s exception');
}, 8 * STEP_MS);
