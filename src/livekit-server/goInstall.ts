import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Environment } from '../config/environment.ts';
import { withoutSecrets } from '../config/withoutSecrets.ts';
import { outputTail } from './outputTail.ts';

export interface GoInstall {
  readonly go: string;
  /** `module/path@version` */
  readonly target: string;
  /** Folder that the program is put into. */
  readonly into: string;
  readonly env: Environment;
  /** What it does now: `fetching module 12`, `compiling package 340`. Often. */
  readonly onStep: (step: string) => void;
  /** Run it, compilers included, at the lowest priority. */
  readonly background: boolean;
  readonly signal?: AbortSignal | undefined;
}

export type GoInstallResult = { readonly ok: true } | { readonly ok: false; readonly said: string };

/** Runs `go install` without cgo, so that no C compiler is needed. An abort ends its compilers too. */
export function goInstall(options: GoInstall): Promise<GoInstallResult> {
  const { GOOS: _os, GOARCH: _arch, ...inherited } = withoutSecrets(options.env);
  const child = spawn(options.go, ['install', '-v', '-trimpath', '-ldflags=-s -w', options.target], {
    // Outside of any module: neither a `go.mod` nor a `go.work` further up may have a say.
    cwd: options.into,
    env: { ...inherited, CGO_ENABLED: '0', GOBIN: options.into, GOWORK: 'off', GO111MODULE: 'on' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  if (options.background) lowerPriority(child);
  let modules = 0;
  let packages = 0;
  const tail = outputTail([child.stdout, child.stderr], 15, (line) => {
    if (line.startsWith('go: downloading')) options.onStep(`fetching module ${++modules}`);
    else if (/^[\w.-]+(\/[\w.-]+)*$/.test(line)) options.onStep(`compiling package ${++packages}`);
  });
  const abort = () => endGroup(child);
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  process.once('exit', abort);
  return new Promise((resolve) => {
    const finish = (result: GoInstallResult) => {
      options.signal?.removeEventListener('abort', abort);
      process.removeListener('exit', abort);
      resolve(result);
    };
    child.once('error', (error) => finish({ ok: false, said: error.message }));
    child.once('close', (code) => finish(code === 0 ? { ok: true } : { ok: false, said: tail.text() }));
  });
}

/** What it starts from now on inherits this. */
function lowerPriority(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Only a courtesy.
  }
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGTERM');
    else child.kill();
  } catch {
    // It was gone already.
  }
}
