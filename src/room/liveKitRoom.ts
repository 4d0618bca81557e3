import { OUTPUT_RATE } from '../audio/format.ts';
import type { Clock } from '../time/clock.ts';
import { systemClock } from '../time/systemClock.ts';
import { LiveKitMember } from './liveKitMember.ts';
import { quietRtcLog } from './quietRtcLog.ts';
import type { Room } from './room.ts';
import type { RoomLog } from './roomLog.ts';

export interface JoinLiveKitRoomOptions {
  /** `ws://` or `wss://`, as in LIVEKIT_URL. */
  readonly url: string;
  /** From `createToken`; it names the room and our identity. */
  readonly token: string;
  /** Shown where the server does not name the room. */
  readonly roomName?: string;
  /** Hz of our track; default 24000. */
  readonly outputRate?: number;
  readonly log: RoomLog;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Joins a LiveKit room and publishes our microphone track at once (front ends learn late of a participant without
 * one). Events wait for their first listener, so none is lost between the join and `on`.
 *
 * Rejects with `VA_ROOM_AUTH` (token refused), `VA_ROOM_UNREACHABLE` (no server), `VA_ROOM_CLOSED` (the track could
 * not be published, or the room ended at once) or the signal's reason.
 *
 * On the main thread only: rtc-node in a worker thread takes over everybody's audio. The byte stream
 * `lk.agent.pre-connect-audio-buffer` is not read: words said before we are subscribed to the speaker are lost.
 */
export async function joinLiveKitRoom(options: JoinLiveKitRoomOptions): Promise<Room> {
  const { url, token, log, signal } = options;
  signal?.throwIfAborted();
  quietRtcLog();
  const member = new LiveKitMember({
    url,
    token,
    log,
    roomName: options.roomName ?? '',
    outputRate: options.outputRate ?? OUTPUT_RATE,
    clock: options.clock ?? systemClock,
  });
  try {
    await unlessAborted(member.join(), signal);
    return member;
  } catch (error) {
    await member.leave();
    throw error;
  }
}

/** The work's result, or the signal's reason as soon as it aborts. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
