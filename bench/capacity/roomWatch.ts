import { setTimeout as pause } from 'node:timers/promises';
import type { BenchProcess } from './benchProcess.ts';

/** One agent of a room, as its caller saw it. Times are milliseconds since 1970. */
interface Seen {
  readonly joinedAt: number;
  heardAt: number | undefined;
  /** How long nobody was there between the agent before and this one, ms; 0 where the two met. */
  readonly gapMs: number;
}

const LOOK_MS = 50;

/** What the callers see of the agents in their rooms. */
export class RoomWatch {
  readonly #agents = new Map<string, Seen[]>();
  /** When the latest agent of a room left it. */
  readonly #leftAt = new Map<string, number>();

  constructor(callers: BenchProcess) {
    callers.onMessage = (message) => {
      switch (message.type) {
        case 'agentJoined': {
          const { room, at } = message;
          const leftAt = this.#leftAt.get(room) ?? at;
          this.seen(room).push({ joinedAt: at, heardAt: undefined, gapMs: at - leftAt });
          this.#leftAt.delete(room);
          break;
        }
        case 'agentLeft':
          this.#leftAt.set(message.room, message.at);
          break;
        case 'firstSample': {
          const latest = this.seen(message.room).at(-1);
          if (latest) latest.heardAt ??= message.at;
          break;
        }
        default:
          break;
      }
    };
  }

  /** The room's agents, one after the other. */
  seen(room: string): Seen[] {
    const seen = this.#agents.get(room) ?? [];
    this.#agents.set(room, seen);
    return seen;
  }

  /** Waits until `holds`; resolves with whether it did within the time. */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + withinMs;
    while (!holds()) {
      if (performance.now() > giveUpAt) return false;
      await pause(LOOK_MS);
    }
    return true;
  }
}
