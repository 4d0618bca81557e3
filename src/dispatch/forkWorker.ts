import { fork } from 'node:child_process';
import type { WorkerChannel } from './workerHandle.ts';

/** Starts a call worker: `module` runs in a process of its own, with `args`, and talks over Node's IPC. */
export function forkWorker(options: {
  readonly module: string;
  readonly args: readonly string[];
  /** Node's own, such as `--import tsx`. */
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}): WorkerChannel {
  const child = fork(options.module, [...options.args], {
    execArgv: [...options.execArgv],
    env: options.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let exited: ((reason: string) => void) | undefined;
  let reason: string | undefined;
  const over = (why: string) => {
    reason ??= why;
    exited?.(reason);
  };
  child.once('exit', (code, signal) => over(signal === null ? `exit code ${code}` : `signal ${signal}`));
  child.once('error', (error) => over(error.message));
  return {
    pid: child.pid,
    send(message) {
      // What a process that is ending does not get any more, its end answers for.
      if (child.connected) child.send(message, () => {});
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      exited = listener;
      if (reason !== undefined) listener(reason);
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
