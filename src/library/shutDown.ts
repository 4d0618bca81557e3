/**
 * Lets the process exit after its last call: once a room was joined, LiveKit's native library keeps it alive. It is final; no
 * room can be joined afterwards.
 */
export async function shutDown(): Promise<void> {
  const { disposeRtc } = await import('../room/disposeRtc.ts');
  await disposeRtc();
}
