import type { RoomRules } from '../config/config.ts';
import { VoiceAgentError } from '../errors.ts';
import type { ListedRoom, RoomDirectory } from '../room/roomDirectory.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { DispatchMemory } from './dispatchMemory.ts';
import type { JobQueue } from './jobQueue.ts';
import { judgeRoom } from './judgeRoom.ts';
import { LonelyAgents } from './lonelyAgents.ts';
import { admits } from './roomRules.ts';

/** Longest pause between two questions to a server that does not answer. */
const MAX_PAUSE_MS = 30_000;
/** Several servers share the looks: one takes place in this part of the interval. */
const SHARED = 0.8;

export interface ReconcilerOptions {
  readonly rooms: RoomRules;
  readonly directory: RoomDirectory;
  readonly queue: JobQueue;
  readonly memory: DispatchMemory;
  /** Milliseconds until the next look; asked before each pause. */
  readonly intervalMs: () => number;
  /** A room needs an agent and nobody had said so. */
  readonly onMissed: () => void;
  readonly clock: Clock;
  readonly log: RoomLog;
}

/**
 * Looks at the room list now and then, and puts a job into the queue for every room with people and no agent: for
 * webhooks that were lost, and for machines that none can reach. Agents of ours that nobody holds and that are alone are
 * removed. Runs until `signal` aborts; a server that cannot be reached is reported once, with the cure, and asked again.
 */
export async function reconcile(options: ReconcilerOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, intervalMs } = options;
  const lonely = new LonelyAgents(options);
  let failures = 0;
  let trouble: string | undefined;
  while (!signal.aborted) {
    try {
      await look(options, lonely, signal);
      if (trouble !== undefined) log.info('LiveKit answers again');
      trouble = undefined;
      failures = 0;
    } catch (error) {
      const code = error instanceof VoiceAgentError ? error.code : 'unknown';
      if (code !== trouble) log.warn(error instanceof Error ? error.message : String(error), { code });
      trouble = code;
      failures++;
    }
    const interval = intervalMs();
    await sleep(clock, Math.min(interval * 2 ** failures, Math.max(MAX_PAUSE_MS, interval)), signal);
  }
}

async function look(options: ReconcilerOptions, lonely: LonelyAgents, signal: AbortSignal): Promise<void> {
  const { directory, queue, memory, rooms, log } = options;
  if (!(await memory.first('look', options.intervalMs() * SHARED))) return;
  const ours = (await directory.rooms()).filter((room) => admits(rooms, room));
  const held = await queue.held(ours.map(({ sid }) => sid));
  const unheld = await directory.participants(ours.filter(({ sid }) => !held.has(sid)));
  for (const room of unheld) {
    if (signal.aborted) return;
    if (judgeRoom(room, await memory.served(room.sid)) === 'call') {
      log.debug(`room ${room.name} has people and no agent`);
      await queue.add(jobOf(room));
      options.onMissed();
    }
  }
  await lonely.look(unheld);
}

function jobOf({ name, sid, metadata }: ListedRoom) {
  return { room: name, roomSid: sid, metadata, source: 'reconciler', requestedAt: Date.now() } as const;
}
