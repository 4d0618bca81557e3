import { once } from 'node:events';
import { supervisorChannel } from '../../src/cli/supervisorChannel.ts';
import { serveCalls } from '../../src/dispatch/callWorker.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';

// A call worker whose supervisor goes before it serves; the exit code says how it fared.
const channel = supervisorChannel();
process.send?.('starting');
await once(process, 'disconnect');
setTimeout(() => process.exit(7), 10_000);
await serveCalls({ host: { hold: () => Promise.reject(new Error('not used here')) }, channel, clock, log });
process.exit(0);
