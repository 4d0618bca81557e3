import { DisconnectReason } from '@livekit/rtc-node';

/** Reasons that somebody asks about later. */
export const closeReasons = { removed: 'the agent was removed from the room' } as const;

/** Why the server (or the network) ended our membership, in words for a log line or a screen. */
export function closeReason(reason: DisconnectReason): string {
  switch (reason) {
    case DisconnectReason.DUPLICATE_IDENTITY:
      return 'another participant joined with the same identity';
    case DisconnectReason.PARTICIPANT_REMOVED:
      return closeReasons.removed;
    case DisconnectReason.ROOM_DELETED:
      return 'the room was deleted';
    case DisconnectReason.ROOM_CLOSED:
      return 'the room was closed';
    case DisconnectReason.SERVER_SHUTDOWN:
      return 'the LiveKit server is shutting down';
    case DisconnectReason.JOIN_FAILURE:
      return 'the media connection could not be set up';
    default:
      return 'the connection to LiveKit was lost';
  }
}
