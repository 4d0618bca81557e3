import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends `child` when this process ends, however it ends. An `exit` handler serves the usual ways; a crash in native code
 * or a SIGKILL runs no handler, so a shell waits for the end of a pipe that only we hold. Returns how to untie.
 */
export function tether(child: ChildProcess): () => void {
  const pid = child.pid;
  if (pid === undefined) return () => {};
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const guard = spawnGuard(pid);
  return () => {
    process.removeListener('exit', onExit);
    guard?.kill('SIGKILL');
  };
}

function spawnGuard(pid: number): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  // Its own session: a Ctrl-C in the terminal must not end the guard before us.
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -KILL "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
  });
  // Without a shell there is still the exit handler.
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  guard.unref();
  if (guard.stdin && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  return guard;
}
