import type { Logger } from '../telemetry/log.ts';

/** What rooms and the room watcher need of a logger. */
export type RoomLog = Pick<Logger, 'debug' | 'info' | 'warn'>;
