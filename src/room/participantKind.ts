import { ParticipantKind as RtcKind } from '@livekit/rtc-node';
import type { ParticipantKind } from './room.ts';

/**
 * People come through a client, a telephone or a connector; recorders, ingress and bridges do not converse. By rtc-node's
 * numbers, which are not those of LiveKit's API (`kindOf`).
 */
export function participantKind(kind: RtcKind): ParticipantKind {
  switch (kind) {
    case RtcKind.STANDARD:
    case RtcKind.SIP:
    case RtcKind.CONNECTOR:
      return 'person';
    case RtcKind.AGENT:
      return 'agent';
    default:
      return 'other';
  }
}
