import type { SupervisorChannel } from '../dispatch/callWorker.ts';
import { VoiceAgentError } from '../errors.ts';

/** Node's IPC to the process that started this one. */
export function supervisorChannel(): SupervisorChannel {
  if (!process.send) {
    throw new VoiceAgentError('VA_CONFIG', '"voice-agent worker" is run by "voice-agent start": run that.');
  }
  return {
    send(message) {
      // The callback takes the error of a supervisor that is gone; `onClosed` tells of it.
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    onMessage: (listener) => void process.on('message', listener),
    onClosed(listener) {
      // It may have died while we started: no event tells of that any more.
      if (process.connected) process.once('disconnect', listener);
      else queueMicrotask(listener);
    },
  };
}
