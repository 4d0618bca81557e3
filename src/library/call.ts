import type { Settings } from '../config/settings.ts';
import type { Room } from '../room/room.ts';
import type { SessionEnd } from '../session/session.ts';
import type { SessionObserver } from '../session/sessionObserver.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Tool } from '../tools/tool.ts';

export interface JoinRoomOptions {
  /** Name of a LiveKit room. (Or a room that was joined already, for programs with rooms of their own.) */
  readonly room: string | Room;
  /** What the agent may do beside talking and handing over long work; see `defineTool`. */
  readonly tools?: readonly Tool[];
  /** In place of environment variables and `.env`, under the same names: `{ GREETING: 'Hi!' }`. '' unsets one. */
  readonly settings?: Readonly<Partial<Record<keyof Settings, string>>>;
  /** Default: lines on standard output, as `LOG_LEVEL` says. */
  readonly log?: Logger;
  /** Sees every event and command of the call. */
  readonly observers?: readonly SessionObserver[];
  /** Gives up joining; a call that has begun is hung up. */
  readonly signal?: AbortSignal;
}

/** A call that has begun. */
export interface Call {
  readonly room: string;
  /** Resolves when the call is over and nothing of it is left running; never rejects. */
  readonly ended: Promise<SessionEnd>;
  hangUp(): Promise<void>;
}
