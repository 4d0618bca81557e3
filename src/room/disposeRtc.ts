import type {} from '@livekit/rtc-node';

/**
 * Lets the process exit: once used, rtc-node's native side keeps the event loop alive. Call it once, last, after all
 * rooms were left; it is final, and a room joined afterwards would hang. Does nothing if no room was ever joined.
 */
export async function disposeRtc(): Promise<void> {
  if (globalThis._ffiClientInstance === undefined) return;
  const { dispose } = await import('@livekit/rtc-node');
  await dispose();
}
