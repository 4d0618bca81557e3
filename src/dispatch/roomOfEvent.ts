import type { WebhookEvent } from 'livekit-server-sdk';
import { kindOf } from '../room/roomDirectory.ts';
import type { RoomJob } from './callJob.ts';

/** The room that this event says may need an agent now; undefined: no room does because of it. `now`: ms since 1970. */
export function roomOfEvent(event: WebhookEvent, now: number): RoomJob | undefined {
  const { room, participant } = event;
  if (!room?.name || !room.sid) return undefined;
  const job = { room: room.name, roomSid: room.sid, source: 'webhook', requestedAt: now } as const;
  const kind = participant && kindOf(participant.kind);
  switch (event.event) {
    // The first person is on the way in: LiveKit lists them already, some 100 ms before they have joined.
    case 'room_started':
      return { ...job, metadata: room.metadata };
    case 'participant_joined':
      return kind === 'person' ? { ...job, metadata: room.metadata } : undefined;
    // An agent that is gone, ours or another, may leave people behind.
    case 'participant_left':
    case 'participant_connection_aborted':
      return kind === 'agent' ? { ...job, metadata: room.metadata } : undefined;
    default:
      return undefined;
  }
}
