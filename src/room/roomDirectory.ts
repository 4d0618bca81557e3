import {
  type ParticipantInfo,
  ParticipantInfo_State,
  type Room,
  RoomServiceClient,
  ServerError,
} from 'livekit-server-sdk';
import { VoiceAgentError } from '../errors.ts';
import type { ParticipantKind } from './room.ts';

export interface ListedParticipant {
  readonly identity: string;
  readonly sid: string;
  readonly kind: ParticipantKind;
  /** Has arrived; false while the connection is still being made. */
  readonly active: boolean;
}

export interface RoomSummary {
  readonly name: string;
  /** New for each session of the room, whatever its name. */
  readonly sid: string;
  readonly metadata: string;
}

export interface ListedRoom extends RoomSummary {
  readonly participants: readonly ListedParticipant[];
}

/** The rooms of a LiveKit server, as its API tells. All reject with `VA_ROOM_AUTH` or `VA_ROOM_UNREACHABLE` (retryable). */
export interface RoomDirectory {
  rooms(): Promise<RoomSummary[]>;
  /** A room and who is in it; undefined when there is none of this name. */
  look(name: string): Promise<ListedRoom | undefined>;
  /** The participants of each of these rooms; of one that has ended, nobody. */
  participants(rooms: readonly RoomSummary[]): Promise<ListedRoom[]>;
  /** Removes a participant; one that is gone already is no error. */
  remove(room: string, identity: string): Promise<void>;
}

export interface LiveKitAccess {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const REQUEST_TIMEOUT_S = 5;
/** Rooms asked about at the same time. */
const PARALLEL = 8;

/**
 * `livekit.ParticipantInfo.Kind` numbers, livekit-protocol 1.x; the SDK does not export the enum. rtc-node has numbers of its
 * own for the same kinds (`participantKind`): its 5 is this 7.
 */
const KINDS: ReadonlyMap<number, ParticipantKind> = new Map([
  [0, 'person'], // STANDARD
  [3, 'person'], // SIP
  [4, 'agent'], // AGENT
  [7, 'person'], // CONNECTOR
]);

/** What a participant of this LiveKit kind is to us. */
export function kindOf(kind: number): ParticipantKind {
  return KINDS.get(kind) ?? 'other';
}

export function createRoomDirectory(livekit: LiveKitAccess): RoomDirectory {
  const client = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
  });
  const asked = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw directoryError(error, livekit.url);
    }
  };
  return {
    async rooms() {
      return (await asked(client.listRooms())).map(summary);
    },
    async look(name) {
      const [rooms, participants] = await asked(
        Promise.all([client.listRooms([name]), listParticipants(client, name)]),
      );
      const room = rooms[0];
      return room && { ...summary(room), participants };
    },
    async participants(rooms) {
      const listed: ListedRoom[] = [];
      for (let at = 0; at < rooms.length; at += PARALLEL) {
        const some = rooms.slice(at, at + PARALLEL).map(async (room) => {
          return { ...room, participants: await listParticipants(client, room.name) };
        });
        listed.push(...(await asked(Promise.all(some))));
      }
      return listed;
    },
    async remove(room, identity) {
      await asked(client.removeParticipant(room, identity).catch(unlessGone));
    },
  };
}

function summary({ name, sid, metadata }: Room): RoomSummary {
  return { name, sid, metadata };
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ServerError && error.status === 404)) throw error;
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

function listed({ identity, sid, kind, state, permission }: ParticipantInfo): ListedParticipant {
  // Hidden ones listen in; nobody is to be greeted because of them.
  const seen = permission?.hidden === true ? 'other' : kindOf(kind);
  return { identity, sid, kind: seen, active: state === ParticipantInfo_State.ACTIVE };
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
