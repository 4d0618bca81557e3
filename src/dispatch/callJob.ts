/** One room that is to get an agent. Plain data: it travels through Redis and between processes. */
export interface CallJob {
  /** Name of the room. */
  readonly room: string;
  /** SID of this session of the room: what jobs are told apart by. Missing only where a person names a room. */
  readonly roomSid?: string;
  /** The room's metadata, or that of an explicit dispatch. */
  readonly metadata?: string;
  readonly source: 'webhook' | 'reconciler' | 'worker' | 'cli';
  /** An earlier run of the job was lost with its machine: the caller is told so in place of the greeting. */
  readonly wasLost?: boolean;
  /** LiveKit's own agent dispatch says where to join and brings the token, which holds our identity. */
  readonly join?: { readonly url: string; readonly token: string };
  /** When somebody asked for it, in milliseconds since 1970. */
  readonly requestedAt: number;
}

/** A job about a session of a room that LiveKit told of. */
export type RoomJob = CallJob & { readonly roomSid: string };
