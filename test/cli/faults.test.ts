import { execFile } from 'node:child_process';
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
