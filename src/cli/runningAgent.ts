import type { ChildProcess } from 'node:child_process';
import { systemClock } from '../time/systemClock.ts';
import { type LeftCalls, type ReloadMessage, readReloadMessage, toCalls } from './reload.ts';

/** Leaving rooms cleanly takes so long at most; then the process is killed, ms. */
const END_MS = 5_000;

/** A `start` that `dev` runs. */
export class RunningAgent {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #handedOver: (left: LeftCalls) => void = () => {};
  /** Whether it came up; resolves with false when it ended first. */
  readonly isUp: Promise<boolean>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#gone = new Promise((resolve) => child.once('exit', () => resolve()));
    this.isUp = new Promise((resolve) => {
      void this.#gone.then(() => resolve(false));
      child.on('message', (raw) => {
        const message = readReloadMessage(raw);
        if (message?.type === 'hello') resolve(true);
        if (message?.type === 'handedOver') this.#handedOver(new Map(message.calls));
      });
    });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** It may answer rooms now; `left` are the calls of the one before. */
  begin(left: LeftCalls): void {
    this.#send({ type: 'begin', calls: toCalls(left) });
  }

  /** Has it leave its rooms; resolves with its calls once it has ended. One that crashed has none to hand over. */
  async handOver(timeoutMs: number): Promise<LeftCalls> {
    if (!this.isRunning) return new Map();
    const left = new Promise<LeftCalls>((resolve) => {
      this.#handedOver = resolve;
      void this.#gone.then(() => resolve(new Map()));
    });
    this.#send({ type: 'handOver' });
    const cancel = systemClock.setTimer(timeoutMs, () => this.#child.kill('SIGKILL'));
    const calls = await left;
    cancel();
    await this.#ended();
    return calls;
  }

  async end(): Promise<void> {
    if (!this.isRunning) return;
    // A person has ended `dev`: calls are not to go on behind their back.
    this.#child.kill('SIGINT');
    await this.#ended();
  }

  async #ended(): Promise<void> {
    const cancel = systemClock.setTimer(END_MS, () => this.#child.kill('SIGKILL'));
    await this.#gone;
    cancel();
  }

  #send(message: ReloadMessage): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
