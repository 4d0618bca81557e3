import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type ToCaller =
  | { readonly type: 'join'; readonly url: string; readonly token: string }
  | { readonly type: 'leave' | 'end' };

export type FromCaller =
  /** `at`: milliseconds since 1970, with fractions. */
  | { readonly type: 'connecting' | 'met'; readonly at: number }
  | { readonly type: 'left' }
  | { readonly type: 'failed'; readonly why: string };

const PATIENCE_MS = 20_000;

/** One caller after another, in a process of their own. */
export interface Callers {
  /** Joins; resolves when an agent is there, with the times (ms since 1970) of both. */
  call(url: string, token: string): Promise<{ readonly connectingAt: number; readonly metAt: number }>;
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

export async function startCallers(): Promise<Callers> {
  const child = fork(fileURLToPath(new URL('./callerProcess.ts', import.meta.url)), {
    execArgv: ['--no-warnings', '--import', 'tsx'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const send = (message: ToCaller) => child.send(message);
  /** The message of this type that comes next, by its time where it has one. */
  const next = (type: FromCaller['type']) =>
    new Promise<number>((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        child.off('message', listen);
      };
      const listen = (message: FromCaller) => {
        if (message.type !== type && message.type !== 'failed') return;
        finish();
        if (message.type === 'failed') reject(new Error(message.why));
        else resolve('at' in message ? message.at : 0);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`the caller did not say "${type}" within ${PATIENCE_MS / 1000} s`));
      }, PATIENCE_MS);
      child.on('message', listen);
    });
  await next('left');
  return {
    async call(url, token) {
      const both = Promise.all([next('connecting'), next('met')]);
      send({ type: 'join', url, token });
      const [connectingAt, metAt] = await both;
      return { connectingAt, metAt };
    },
    async hangUp() {
      const left = next('left');
      send({ type: 'leave' });
      await left;
    },
    async close() {
      send({ type: 'end' });
      await gone;
    },
  };
}
