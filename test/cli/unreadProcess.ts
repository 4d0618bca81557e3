import { watchFaults } from '../../src/cli/faults.ts';
import { createLogger } from '../../src/telemetry/log.ts';

// Its output is read by nobody any more; the exit code says how it fared.
const log = createLogger({ level: 'info', destination: process.stdout });
watchFaults(log, () => process.exit(7));
process.once('message', () => {
  for (let i = 0; i < 5; i++) log.info('does anybody read this?');
  setTimeout(() => process.exit(0), 300);
});
process.send?.('ready');
