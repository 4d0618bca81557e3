import type { Call, JoinRoomOptions } from './call.ts';

/**
 * Joins a room as the agent, now, and serves whoever is in it until the last person has left. Rejects with a
 * `VoiceAgentError` that names the cure: `VA_CONFIG` for settings, `VA_ROOM_…` for LiveKit, `VA_TOOL` for tools.
 */
export async function joinRoom(options: JoinRoomOptions): Promise<Call> {
  const { openCall } = await import('./openCall.ts');
  return openCall(options);
}
