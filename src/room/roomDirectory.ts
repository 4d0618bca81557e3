import {
  type ParticipantInfo,
  ParticipantInfo_State,
  RoomServiceClient,
  ServerError,
} from 'livekit-server-sdk';
import { VoiceAgentError } from '../errors.ts';
import type { ParticipantKind } from './room.ts';

export interface ListedParticipant {
  readonly identity: string;
  readonly sid: string;
  readonly kind: ParticipantKind;
}

export interface ListedRoom {
  readonly name: string;
  /** New for each session of the room, whatever its name. */
  readonly sid: string;
  readonly participants: readonly ListedParticipant[];
}

/** The rooms of a LiveKit server, as its API tells. */
export interface RoomDirectory {
  /** All rooms that have anybody in them. Rejects with `VA_ROOM_AUTH` or `VA_ROOM_UNREACHABLE` (retryable). */
  list(): Promise<ListedRoom[]>;
}

export interface LiveKitAccess {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const REQUEST_TIMEOUT_S = 5;
/** Rooms asked about at the same time. */
const PARALLEL = 8;

/** `livekit.ParticipantInfo.Kind` numbers, livekit-protocol 1.x; the SDK does not export the enum. */
const KINDS: ReadonlyMap<number, ParticipantKind> = new Map([
  [0, 'person'], // STANDARD
  [3, 'person'], // SIP
  [4, 'agent'], // AGENT
  [7, 'person'], // CONNECTOR
]);

export function createRoomDirectory(livekit: LiveKitAccess): RoomDirectory {
  const client = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
  });
  return {
    async list() {
      try {
        const rooms = await client.listRooms();
        const listed: ListedRoom[] = [];
        for (let at = 0; at < rooms.length; at += PARALLEL) {
          const some = rooms.slice(at, at + PARALLEL);
          const participants = await Promise.all(some.map((room) => listParticipants(client, room.name)));
          for (const [i, { name, sid }] of some.entries()) {
            listed.push({ name, sid, participants: participants[i] ?? [] });
          }
        }
        return listed.filter((room) => room.participants.length > 0);
      } catch (error) {
        throw directoryError(error, livekit.url);
      }
    },
  };
}

async function listParticipants(client: RoomServiceClient, room: string): Promise<ListedParticipant[]> {
  try {
    const participants = await client.listParticipants(room);
    return participants.filter((one) => one.state !== ParticipantInfo_State.DISCONNECTED).map(listed);
  } catch (error) {
    // It ended between the two requests. Open source answers with nobody, LiveKit Cloud with 404.
    if (error instanceof ServerError && error.status === 404) return [];
    throw error;
  }
}

function listed({ identity, sid, kind }: ParticipantInfo): ListedParticipant {
  return { identity, sid, kind: KINDS.get(kind) ?? 'other' };
}

function directoryError(error: unknown, url: string): VoiceAgentError {
  if (error instanceof ServerError && (error.status === 401 || error.status === 403)) {
    return new VoiceAgentError(
      'VA_ROOM_AUTH',
      `LiveKit at ${url} refused to list its rooms: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair that this server knows, and check this machine's time.`,
      { cause: error },
    );
  }
  const said = error instanceof Error ? error.message : String(error);
  return new VoiceAgentError(
    'VA_ROOM_UNREACHABLE',
    `LiveKit at ${url} could not be asked for its rooms: check LIVEKIT_URL and that the server is running (${said}).`,
    { cause: error, retryable: true },
  );
}
