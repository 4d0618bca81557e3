import { setTimeout as pause } from 'node:timers/promises';
import type { BenchProcess } from './benchProcess.ts';

/** One agent of a room, as its caller saw it. Times are milliseconds since 1970. */
interface Seen {
  readonly joinedAt: number;
  heardAt: number | undefined;
  /** Silence of the line between the agent before and this one, ms. */
  gapMs: number | undefined;
}

const LOOK_MS = 50;

/** What the callers see of the agents in their rooms. */
export class RoomWatch {
  readonly #agents = new Map<string, Seen[]>();

  constructor(callers: BenchProcess) {
    callers.onMessage = (message) => {
      switch (message.type) {
        case 'agentJoined':
          this.seen(message.room).push({ joinedAt: message.at, heardAt: undefined, gapMs: undefined });
          break;
        case 'takenOver': {
          const latest = this.seen(message.room).at(-1);
          if (latest) latest.gapMs ??= message.gapMs;
          break;
        }
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
