import type { Logger } from '../telemetry/log.ts';

/** What the vendor adapters need of a logger. */
export type AdapterLog = Pick<Logger, 'debug' | 'warn'>;

export const silentLog: AdapterLog = { debug() {}, warn() {} };
