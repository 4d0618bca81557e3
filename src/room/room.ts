import type { AudioOutput } from './audioOutput.ts';

/** `agent`: a participant of LiveKit kind AGENT. `other`: egress, ingress. Everything that can talk is a `person`. */
export type ParticipantKind = 'person' | 'agent' | 'other';

export interface RoomParticipant {
  readonly identity: string;
  /** New at every join, also after a full reconnect. */
  readonly sid: string;
  readonly name: string;
  readonly kind: ParticipantKind;
}

/** The values of LiveKit's `lk.agent.state` attribute that a running agent takes. */
export type AgentState = 'initializing' | 'listening' | 'thinking' | 'speaking';

/** One update of one line of the transcript. `text` is the whole line so far, not what was added. */
export interface TranscriptUpdate {
  /**
   * Unique over both speakers, because front ends match lines by it alone, within one membership: the room puts
   * something of that before it, so listeners get a longer one that is unique over all memberships.
   */
  readonly segmentId: string;
  readonly speaker: 'agent' | 'user';
  /** Identity of the person, for `speaker: 'user'`. */
  readonly identity?: string;
  readonly text: string;
  readonly final: boolean;
}

export interface RoomEvents {
  /** Also emitted, once each, for the people who were there before us. */
  participantJoined: [participant: RoomParticipant];
  /** A genuine departure: reconnects of theirs or ours are already filtered out. */
  participantLeft: [participant: RoomParticipant];
  /** 16 kHz mono, exactly 20 ms; the frame belongs to the listener. */
  audio: [frame: Int16Array, from: RoomParticipant];
  /** A typed message (LiveKit topic `lk.chat`). */
  chat: [text: string, from: RoomParticipant];
  /** A transcript line published by the other side (topic `lk.transcription`); callers and tests listen to it. */
  transcript: [update: TranscriptUpdate];
  /** The agent state another participant published. */
  agentState: [state: string, from: RoomParticipant];
  reconnecting: [];
  reconnected: [];
  /** The room is over for us and never comes back; `reason` is for people. Not emitted after our own `leave()`. */
  closed: [reason: string];
}

/** One side's membership of one room, from a successful join to `leave()`. */
export interface Room {
  readonly name: string;
  /** Our own identity. */
  readonly identity: string;
  /** Everybody else, in the order of joining. */
  readonly participants: readonly RoomParticipant[];
  /** Our published microphone track. */
  readonly output: AudioOutput;
  /** Adds a listener; the returned function removes it. A listener that throws is logged, never fatal. */
  on<E extends keyof RoomEvents>(event: E, listener: (...args: RoomEvents[E]) => void): () => void;
  publishState(state: AgentState): Promise<void>;
  publishTranscript(update: TranscriptUpdate): Promise<void>;
  sendChat(text: string): Promise<void>;
  /** Idempotent. Afterwards nothing of this membership is left running. */
  leave(): Promise<void>;
}
