import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose work is being done: a fault that nobody catches ends that call, not the process with all its calls. */
export interface CallScope {
  readonly room: string;
  fail(error: unknown): void;
}

const scopes = new AsyncLocalStorage<CallScope>();

/** Runs `work`, and all that comes of it, timers and promises included, in the name of a call. */
export function inCallScope<T>(scope: CallScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** The call in whose name the program is at work; undefined where it is none's. */
export function callScope(): CallScope | undefined {
  return scopes.getStore();
}
