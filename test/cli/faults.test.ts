import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Runs the faults in a process of their own: in this one the test runner would take them for its own. */
function faultyProcess(): Promise<{ code: unknown; lines: string[] }> {
  const file = fileURLToPath(new URL('./faultyProcess.ts', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', file], { timeout: 30_000 }, (error, stdout) => {
      resolve({ code: error?.code ?? 0, lines: stdout.trim().split('\n') });
    });
  });
}

it('what nobody catches ends the one call it belongs to; only an exception of no call ends the process', async () => {
  const { code, lines } = await faultyProcess();
  expect(lines).toEqual([
    'timer fails: in a timer',
    'promise fails: after a wait',
    'still here',
    'quiet goes on',
    'broken: nobody’s exception',
  ]);
  expect(code).toBe(7);
}, 40_000);

it('a worker whose supervisor dies while it starts ends', async () => {
  const child = fork(fileURLToPath(new URL('./orphanedProcess.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  await once(child, 'message');
  child.disconnect();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}, 40_000);

it('a log that nobody reads any more is no fault', async () => {
  const child = fork(fileURLToPath(new URL('./unreadProcess.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.stdout?.destroy();
  child.send('go on');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}, 40_000);
