import { isAgentIdentity } from '../app/venue.ts';
import type { ListedRoom, RoomDirectory } from '../room/roomDirectory.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { Clock } from '../time/clock.ts';

/** An agent leaves an empty room by itself within seconds; one of a process that died is gone within 20 s. */
const PATIENCE_MS = 60_000;

/** Agents of ours, and of nobody else, that stay in rooms without people though no job holds the room. */
export class LonelyAgents {
  readonly #directory: RoomDirectory;
  readonly #clock: Clock;
  readonly #log: RoomLog;
  /** Since when, by participant SID. */
  #since = new Map<string, number>();

  constructor(options: { readonly directory: RoomDirectory; readonly clock: Clock; readonly log: RoomLog }) {
    this.#directory = options.directory;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** `rooms`: those that no job holds. Removes who has been alone for too long. */
  async look(rooms: readonly ListedRoom[]): Promise<void> {
    const now = this.#clock.now();
    const since = new Map<string, number>();
    for (const room of rooms) {
      if (room.participants.some(({ kind }) => kind === 'person')) continue;
      for (const { identity, sid } of room.participants) {
        if (!isAgentIdentity(identity, room.sid)) continue;
        const alone = this.#since.get(sid) ?? now;
        since.set(sid, alone);
        if (now - alone < PATIENCE_MS) continue;
        this.#log.warn('an agent of ours is removed from a room that everybody has left', {
          room: room.name,
          identity,
        });
        await this.#directory.remove(room.name, identity);
      }
    }
    this.#since = since;
  }
}
