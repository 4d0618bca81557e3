import type { RoomLog } from '../../src/room/roomLog.ts';

export const silentLog: RoomLog = { debug() {}, info() {}, warn() {} };
