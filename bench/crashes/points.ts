import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Counts every moment at which this process changes something outside itself, a file or the vendor, and can kill itself at
 * one of them, as `kill -9` does: nothing is cleaned up, flushed or said. To be imported before everything else.
 */
export const points = {
  /** The point to die at; 0: none. */
  dieAt: 0,
  /** What happened at each point so far. */
  passed: [] as string[],
  /** Within a turn of the event loop that is one step. */
  together: false,
};

export function point(what: string): void {
  if (points.together) return;
  points.passed.push(what);
  if (points.passed.length === points.dieAt) process.kill(process.pid, 'SIGKILL');
}

/** Does what belongs to one step, which a point before it stands for. Only what is synchronous can. */
export function asOne(what: string, work: () => void): void {
  point(what);
  points.together = true;
  work();
  points.together = false;
}

/** Whether the next point is the one to die at: for what dies in the middle of something. */
function isNext(): boolean {
  return points.passed.length + 1 === points.dieAt;
}

const nameOf = (path: unknown) => (typeof path === 'string' ? path.slice(path.lastIndexOf('/') + 1) : '');

type AnyFunction = (...given: never[]) => unknown;

function before<F extends AnyFunction>(what: string, real: F): F {
  const wrapped = (...given: Parameters<F>) => {
    point(`${what} ${nameOf(given[0])}`);
    return real(...given);
  };
  return wrapped as F;
}

/** The file that a process would write is the only one that matters: opening for reading is no point. */
function onlyForWriting(real: typeof fs.promises.open): typeof fs.promises.open {
  return async (path, flags, mode) => {
    if (flags !== 'w') return real(path, flags, mode);
    point(`open ${nameOf(path)}`);
    const handle = await real(path, flags, mode);
    const { writeFile, sync } = handle;
    handle.writeFile = async (data, options) => {
      point('write');
      if (isNext() && typeof data === 'string') {
        await writeFile.call(handle, data.slice(0, data.length / 2), options);
      }
      point('write, half of it');
      await writeFile.call(handle, data, options);
    };
    handle.sync = async () => {
      point('sync');
      await sync.call(handle);
    };
    return handle;
  };
}

fs.mkdir = before('mkdir', fs.mkdir);
fs.rmdir = before('rmdir', fs.rmdir);
fs.writeFileSync = before('write', fs.writeFileSync);
fs.promises.open = onlyForWriting(fs.promises.open);
fs.promises.rename = before('rename', fs.promises.rename);
fs.promises.unlink = before('unlink', fs.promises.unlink);
syncBuiltinESMExports();

const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const { pathname, protocol } = new URL(input instanceof Request ? input.url : input);
  // The client looks what `fetch` can do with a request to nowhere.
  if (protocol !== 'http:') return realFetch(input, init);
  const what = `${init?.method?.toUpperCase() ?? 'GET'} ${pathname.replace(/[0-9a-f-]{36}/, 'ID')}`;
  point(`${what}, not sent`);
  if (isNext()) {
    // On its way: whether it arrives is for chance to decide.
    realFetch(input, init).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  }
  point(`${what}, sent`);
  const response = await realFetch(input, init);
  point(`${what}, answered`);
  return response;
};
