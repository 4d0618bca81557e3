import { DisconnectReason } from '@livekit/rtc-node';

/** Clients that rebuild their connection say goodbye first, as those do who leave; they are back in half a second. */
const GOODBYE_MS = 1500;
/** A connection that was lost, replaced, or that is ours and is being rebuilt. */
const UNCLEAR_MS = 5000;

const FINAL: ReadonlySet<DisconnectReason> = new Set([
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
  DisconnectReason.USER_UNAVAILABLE,
  DisconnectReason.USER_REJECTED,
  DisconnectReason.SIP_TRUNK_FAILURE,
]);

/** Milliseconds in which somebody who is reported gone for this reason may return as the same participant. */
export function departureGrace(reason: DisconnectReason | undefined): number {
  if (reason === undefined) return UNCLEAR_MS;
  if (FINAL.has(reason)) return 0;
  return reason === DisconnectReason.CLIENT_INITIATED ? GOODBYE_MS : UNCLEAR_MS;
}
