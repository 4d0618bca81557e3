import { Worker } from 'node:worker_threads';

/**
 * Starts a worker thread from a module beside the caller. Works from the TypeScript sources (tests, `dev`) and from the
 * compiled output alike: the worker has the same extension as the module that names it.
 */
export function spawnWorker(parentUrl: string, name: string, workerData?: unknown): Worker {
  const extension = parentUrl.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./${name}.${extension}`, parentUrl), {
    workerData,
    // Flags of the parent (a test runner's loaders, a debugger) are not the worker's; a TypeScript one needs its loader.
    execArgv: ['--no-warnings', ...(extension === 'ts' ? ['--import', typeScriptLoader()] : [])],
  });
  // A worker that only waits for requests must not keep the process alive.
  worker.unref();
  return worker;
}

function typeScriptLoader(): string {
  return new URL('./registerTypeScript.mjs', import.meta.url).href;
}
