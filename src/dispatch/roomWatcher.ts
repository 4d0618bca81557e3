import { VoiceAgentError } from '../errors.ts';
import { createRoomDirectory, type LiveKitAccess, type RoomDirectory } from '../room/roomDirectory.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { pickRooms, type RoomMemories, type RoomMemory } from './pickRooms.ts';

/** Longest pause between two questions to a server that does not answer. */
const MAX_PAUSE_MS = 30_000;
/** First pause before a call that could not be started is tried again; doubles up to the longest. */
const FIRST_RETRY_MS = 2000;
const MAX_RETRY_MS = 60_000;

export interface RoomWatcherOptions {
  readonly livekit: LiveKitAccess;
  /** Milliseconds between two looks at the room list; default 2000. */
  readonly intervalMs?: number;
  readonly clock: Clock;
  readonly log: RoomLog;
  /**
   * Starts a call and resolves when it is over: until then the room is not offered again, and afterwards only when
   * somebody new has come. A rejection means that the call could not be started; it is tried again, later each time.
   */
  readonly onRoom: (room: { readonly name: string; readonly sid: string }) => Promise<void>;
  /** Default: LiveKit's own list. */
  readonly directory?: RoomDirectory;
}

export interface RoomWatcher {
  /** No further room is offered once it resolves. Calls that are on go on. */
  stop(): Promise<void>;
}

/**
 * Gives every room that somebody opens an agent: asks the server for its rooms now and then. A server that cannot be
 * reached is reported once, with the cure, and asked again and again.
 */
export function createRoomWatcher(options: RoomWatcherOptions): RoomWatcher {
  const watcher = new PollingWatcher(options);
  const stopped = new AbortController();
  const running = watcher.run(stopped.signal);
  return {
    stop() {
      stopped.abort();
      return running;
    },
  };
}

class PollingWatcher {
  readonly #options: RoomWatcherOptions;
  readonly #directory: RoomDirectory;
  readonly #intervalMs: number;
  #memories: RoomMemories = new Map();
  /** Failed calls in a row, by room SID. */
  readonly #failures = new Map<string, number>();

  constructor(options: RoomWatcherOptions) {
    this.#options = options;
    this.#directory = options.directory ?? createRoomDirectory(options.livekit);
    this.#intervalMs = options.intervalMs ?? 2000;
  }

  async run(signal: AbortSignal): Promise<void> {
    let pause = this.#intervalMs;
    let trouble: string | undefined;
    while (!signal.aborted) {
      try {
        await this.#look(signal);
        if (trouble !== undefined) this.#options.log.info('LiveKit answers again');
        trouble = undefined;
        pause = this.#intervalMs;
      } catch (error) {
        const code = error instanceof VoiceAgentError ? error.code : 'unknown';
        if (code !== trouble) this.#options.log.warn(messageOf(error), { code });
        trouble = code;
        pause = Math.min(pause * 2, Math.max(MAX_PAUSE_MS, this.#intervalMs));
      }
      await sleep(this.#options.clock, pause, signal);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const rooms = await this.#directory.list();
    if (signal.aborted) return;
    const { start, memories } = pickRooms(rooms, this.#memories, this.#options.clock.now());
    this.#memories = memories;
    for (const sid of this.#failures.keys()) {
      if (!memories.has(sid)) this.#failures.delete(sid);
    }
    for (const room of start) void this.#call(room);
  }

  async #call(room: { readonly name: string; readonly sid: string }): Promise<void> {
    const { clock, log, onRoom } = this.#options;
    try {
      await onRoom(room);
      this.#failures.delete(room.sid);
      this.#remember(room.sid, (seen) => ({ status: 'ended', seen }));
    } catch (error) {
      const failures = (this.#failures.get(room.sid) ?? 0) + 1;
      this.#failures.set(room.sid, failures);
      const wait = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS);
      log.warn(`No agent could join the room: ${messageOf(error)}`, { room: room.name, failures });
      this.#remember(room.sid, () => ({ status: 'failed', retryAt: clock.now() + wait }));
    }
  }

  #remember(sid: string, next: (seen: ReadonlySet<string>) => RoomMemory): void {
    const memory = this.#memories.get(sid);
    const seen = memory?.status === 'calling' ? memory.seen : new Set<string>();
    this.#memories = new Map(this.#memories).set(sid, next(seen));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
