import type { Command } from '../conversation/command.ts';
import type { SessionObserver } from '../session/sessionObserver.ts';
import type { Logger } from '../telemetry/log.ts';

/** Writes what both sides said into the log, line by line as each is complete. */
export function conversationLog(log: Logger): SessionObserver {
  return {
    event() {},
    command(command: Command) {
      if (command.type === 'publish.transcript' && command.final)
        log.info(`${command.speaker}: ${command.text}`);
    },
  };
}
