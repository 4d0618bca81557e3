/** Text of a chat packet from an older front end; undefined for copies of a text stream and for anything else. */
export function legacyChatText(payload: Uint8Array): string | undefined {
  let packet: unknown;
  try {
    packet = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
  if (typeof packet !== 'object' || packet === null || !('message' in packet)) return undefined;
  if ('ignoreLegacy' in packet && packet.ignoreLegacy === true) return undefined;
  return typeof packet.message === 'string' ? packet.message : undefined;
}
