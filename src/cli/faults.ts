import { callScope } from '../telemetry/callScope.ts';
import type { Logger } from '../telemetry/log.ts';

/**
 * What nobody caught: rtc-node turns a fault in one room's event into an unhandled rejection, a timer's throws. In the name
 * of a call it ends that call, which then goes on in a new session; a rejection that is nobody's is logged. After an exception
 * that is nobody's the state of the process is unknown: `onBroken` is to end it in good order.
 */
export function watchFaults(log: Logger, onBroken: (error: unknown) => void): void {
  // Whoever read our output may be gone, as a dead supervisor is: no call's fault, and a log line about it would be the next.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  process.on('unhandledRejection', (error) => {
    const scope = callScope();
    log.error('an unexpected fault; calls go on', { error, ...(scope ? { room: scope.room } : {}) });
    scope?.fail(error);
  });
  process.on('uncaughtException', (error) => {
    const scope = callScope();
    if (!scope) {
      log.error('an unexpected fault: this process is in an unknown state and ends', { error });
      onBroken(error);
      return;
    }
    log.error('an unexpected fault ends one call; it goes on anew', { error, room: scope.room });
    scope.fail(error);
  });
}
