import { EXIT } from './exitCode.ts';

const controller = new AbortController();
let listening = false;

/** Aborts at the first SIGINT or SIGTERM, so that calls end cleanly; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  if (listening) return controller.signal;
  listening = true;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort(name);
    });
  }
  return controller.signal;
}

/** Whether a person has ended the program (Ctrl-C), rather than its service manager (SIGTERM). */
export function wasInterrupted(): boolean {
  return controller.signal.reason === 'SIGINT';
}
