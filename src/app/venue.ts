import { randomUUID } from 'node:crypto';
import type { LiveKitConfig } from '../config/config.ts';
import { joinLiveKitRoom } from '../room/liveKitRoom.ts';
import { createLocalHub, type LocalHub } from '../room/localRoom.ts';
import type { Room } from '../room/room.ts';
import { createToken } from '../room/token.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';

export interface JoinOptions {
  readonly room: string;
  readonly identity: string;
  readonly name?: string;
  readonly kind: 'agent' | 'person';
  /** Hz of our own track. Default 24000. */
  readonly outputRate?: number;
  readonly signal?: AbortSignal;
}

/** Where rooms are: a LiveKit server, or this process. */
export interface Venue {
  /** For people: where this is. */
  readonly description: string;
  join(options: JoinOptions): Promise<Room>;
}

export function liveKitVenue(livekit: LiveKitConfig, options: { clock: Clock; log: Logger }): Venue {
  const { url, apiKey, apiSecret } = livekit;
  return {
    description: `LiveKit at ${url}`,
    async join({ room, identity, name = identity, kind, outputRate, signal }) {
      const token = await createToken({ apiKey, apiSecret, room, identity, name, kind });
      return joinLiveKitRoom({
        url,
        token,
        roomName: room,
        clock: options.clock,
        log: options.log,
        ...(outputRate === undefined ? {} : { outputRate }),
        ...(signal === undefined ? {} : { signal }),
      });
    },
  };
}

/** Rooms inside this process: for a machine without a LiveKit server, and for tests. */
export function localVenue(options: { clock: Clock; log: Logger }): Venue {
  const hubs = new Map<string, LocalHub>();
  return {
    description: 'a room inside this process',
    join({ room, identity, name = identity, kind, outputRate }) {
      const hub = hubs.get(room) ?? createLocalHub({ ...options, name: room });
      hubs.set(room, hub);
      return hub.join({ identity, name, kind, ...(outputRate === undefined ? {} : { outputRate }) });
    },
  };
}

/**
 * A name that no earlier participant had: front ends keep a returned agent as failed. With the SID of the room's session
 * in it, `isAgentIdentity` knows it again as one of ours.
 */
export function agentIdentity(roomSid?: string): string {
  const unique = randomUUID().slice(0, 8);
  return roomSid === undefined ? `agent-${unique}` : `agent-${roomSid}-${unique}`;
}

/** Whether an agent of ours, of this process or another one, has this identity in this session of a room. */
export function isAgentIdentity(identity: string, roomSid: string): boolean {
  return identity.startsWith(`agent-${roomSid}-`);
}
