import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { type FromChild, readFromChild, type ToCallers } from './message.ts';

type Answer<T extends FromChild['type']> = Extract<FromChild, { type: T }>;

/** A process of the bench, bound to a core of its own. */
export class BenchProcess {
  readonly #child: ChildProcess;
  onMessage: (message: FromChild) => void = () => {};

  constructor(module: string, env: NodeJS.ProcessEnv, core: number) {
    this.#child = fork(module, {
      execArgv: [],
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    pin(this.pid, core);
    this.#child.on('message', (raw) => this.onMessage(readFromChild(raw)));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  send(message: ToCallers): void {
    this.#child.send(message);
  }

  /** The next message of this type; rejects when the process ends or is silent for too long. */
  next<T extends FromChild['type']>(type: T, timeoutMs = 60_000): Promise<Answer<T>> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#child.off('message', look);
        this.#child.off('exit', gone);
      };
      const look = (raw: unknown) => {
        const message = readFromChild(raw);
        if (!isOf(message, type)) return;
        done();
        resolve(message);
      };
      const gone = () => {
        done();
        reject(new Error(`a process of the bench ended before it was "${type}"`));
      };
      const timer = setTimeout(gone, timeoutMs);
      this.#child.on('message', look);
      this.#child.once('exit', gone);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await gone;
    clearTimeout(timer);
  }
}

function isOf<T extends FromChild['type']>(message: FromChild, type: T): message is Answer<T> {
  return message.type === type;
}

/** Binds a process and its threads to one core; false where that cannot be done. */
export function pin(pid: number, core: number): boolean {
  try {
    execFileSync('taskset', ['-a', '-cp', String(core), String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
