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

/** A name that no earlier participant had: front ends keep a returned agent as failed. */
export function agentIdentity(): string {
  return `agent-${randomUUID().slice(0, 8)}`;
}
