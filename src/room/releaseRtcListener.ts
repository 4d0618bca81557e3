import type { Room } from '@livekit/rtc-node';

/**
 * After a disconnect that the server began, rtc-node 1.1.0 leaves the room's listener on its process-wide client, and
 * a later `disconnect()` returns early: each dead room would cost memory, and time on every event of the others.
 */
export function releaseRtcListener(room: Room): void {
  const listener: unknown = Reflect.get(room, 'onFfiEvent');
  if (isListener(listener)) globalThis._ffiClientInstance?.off('ffi_event', listener);
  room.removeAllListeners();
}

function isListener(value: unknown): value is () => void {
  return typeof value === 'function';
}
