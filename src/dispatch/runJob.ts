import type { RoomRules } from '../config/config.ts';
import { closeReasons } from '../room/closeReason.ts';
import type { RoomDirectory } from '../room/roomDirectory.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { RoomJob } from './callJob.ts';
import type { CallEnd, CallPlacement, PlacedCall } from './callPlacement.ts';
import type { DispatchMemory } from './dispatchMemory.ts';
import type { DispatchObserver } from './dispatchObserver.ts';
import type { RunJob } from './jobQueue.ts';
import { judgeRoom } from './judgeRoom.ts';
import { RetryLater } from './retryLater.ts';
import { admits } from './roomRules.ts';

/** How often a job that was lost looks whether the agent of its former run has gone from the room, ms. */
const GHOST_MS = 2_000;

export interface RunJobOptions {
  readonly rooms: RoomRules;
  readonly directory: RoomDirectory;
  readonly memory: DispatchMemory;
  readonly placement: CallPlacement;
  readonly log: RoomLog;
  readonly observer?: DispatchObserver;
  /** Each call while it runs. */
  readonly onCall?: (call: PlacedCall) => void;
}

/**
 * What a job does: asks LiveKit whether its room needs an agent at this moment, has the call held, and stays until it is
 * over. Holding the job is the right to the room: whoever finds an agent there leaves it alone.
 */
export function createRunJob(options: RunJobOptions): RunJob {
  const { rooms, directory, memory, placement, log, observer } = options;

  const needsCall = async (job: RoomJob, attempt: number): Promise<boolean> => {
    const [room, served] = await Promise.all([directory.look(job.room), memory.served(job.roomSid)]);
    // A new session of the room has a job of its own.
    if (room?.sid !== job.roomSid || !admits(rooms, room)) return false;
    const verdict = judgeRoom(room, served);
    if (verdict === 'attended' && attempt > 1) {
      // It may be ours, left behind by a run that was lost: LiveKit removes it within some 20 s.
      throw new RetryLater('an agent is still in the room', GHOST_MS);
    }
    log.debug(`room ${job.room}: ${verdict}`, { source: job.source, attempt });
    return verdict === 'call';
  };

  const place = async (job: RoomJob, signal: AbortSignal): Promise<PlacedCall> => {
    try {
      const call = await placement.place(job, signal);
      observer?.placed?.(job.source, Math.max(0, Date.now() - job.requestedAt));
      options.onCall?.(call);
      return call;
    } catch (error) {
      observer?.notPlaced?.(job.source);
      if (signal.aborted) throw draining();
      log.warn('No agent could join the room', { room: job.room, error });
      throw error;
    }
  };

  /** Who of those still there needs no other call, for good. */
  const settle = async (job: RoomJob, end: CallEnd): Promise<void> => {
    if (end.why === 'alone') return memory.markServed(job.roomSid, []);
    if (!isOver(end)) throw new Error(`the call is to go on: ${'reason' in end ? end.reason : end.why}`);
    const room = await directory.look(job.room);
    const people = room?.sid === job.roomSid ? room.participants.filter(({ kind }) => kind === 'person') : [];
    await memory.markServed(
      job.roomSid,
      people.map(({ sid }) => sid),
    );
  };

  return async (job, { signal, attempt, wasLost = false }) => {
    let isFirst = true;
    // Somebody may come at the very moment at which the agent leaves: their webhook found this job still there.
    while (await needsCall(job, attempt)) {
      if (signal.aborted) throw draining();
      const call = await place(isFirst && wasLost ? { ...job, wasLost } : job, signal);
      isFirst = false;
      const end = await call.ended;
      observer?.ended?.(end.why);
      await settle(job, end);
    }
  };
}

/** Somebody ended the call, or it ends every process that holds it. */
function isOver(end: CallEnd): boolean {
  if (end.why === 'closed') return end.reason === closeReasons.removed;
  return end.why === 'hungUp' || end.why === 'givenUp';
}

/** The room is for another server, now; a job that ended here as done would be lost to all of them. */
function draining(): RetryLater {
  return new RetryLater('this server is draining', 0);
}
