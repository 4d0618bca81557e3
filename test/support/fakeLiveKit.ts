import { agentIdentity } from '../../src/app/venue.ts';
import type { CallEnd, CallPlacement, PlacedCall } from '../../src/dispatch/callPlacement.ts';
import type {
  ListedParticipant,
  ListedRoom,
  RoomDirectory,
  RoomSummary,
} from '../../src/room/roomDirectory.ts';
import type { Clock } from '../../src/time/clock.ts';
import { sleep } from '../../src/time/sleep.ts';

/** How long LiveKit keeps a room that everybody has left, and an agent whose process died, ms. */
const EMPTY_ROOM_MS = 2_000;
const GHOST_MS = 20_000;
/** An agent leaves a room where it is alone after this time, ms. */
const ALONE_MS = 3_000;

interface FakeRoom {
  readonly sid: string;
  metadata: string;
  readonly participants: Map<string, ListedParticipant>;
  cancelClosing: () => void;
}

/**
 * A LiveKit server's rooms, as its API and its webhooks show them, on any clock. It records whether two agents were
 * ever in one room at once.
 */
export class FakeLiveKit implements RoomDirectory {
  readonly #clock: Clock;
  readonly #rooms = new Map<string, FakeRoom>();
  #serial = 0;
  /** Every event so far, as a webhook's body. */
  readonly events: Array<{ readonly id: string; readonly event: string } & Record<string, unknown>> = [];
  /** Names of rooms that held two agents at once. */
  readonly crowded: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async rooms(): Promise<RoomSummary[]> {
    return [...this.#rooms].map(([name, { sid, metadata }]) => ({ name, sid, metadata }));
  }

  async look(name: string): Promise<ListedRoom | undefined> {
    const room = this.#rooms.get(name);
    return (
      room && { name, sid: room.sid, metadata: room.metadata, participants: [...room.participants.values()] }
    );
  }

  async participants(rooms: readonly RoomSummary[]): Promise<ListedRoom[]> {
    return rooms.map((room) => {
      const now = this.#rooms.get(room.name);
      return { ...room, participants: now?.sid === room.sid ? [...now.participants.values()] : [] };
    });
  }

  async remove(room: string, identity: string): Promise<void> {
    this.leave(room, identity);
  }

  /** Makes the room when there is none, as LiveKit does. */
  join(name: string, identity: string, kind: ListedParticipant['kind'] = 'person', active = true): string {
    const room = this.#rooms.get(name) ?? this.open(name);
    room.cancelClosing();
    room.participants.set(identity, { identity, sid: `PA_${this.#serial++}`, kind, active });
    if (this.#agents(room).length > 1) this.crowded.push(name);
    if (active) this.#tell('participant_joined', name, room, identity, kind);
    return room.sid;
  }

  open(name: string, metadata = ''): FakeRoom {
    const room: FakeRoom = {
      sid: `RM_${this.#serial++}`,
      metadata,
      participants: new Map(),
      cancelClosing: () => {},
    };
    this.#rooms.set(name, room);
    this.#tell('room_started', name, room);
    return room;
  }

  leave(name: string, identity: string): void {
    const room = this.#rooms.get(name);
    const one = room?.participants.get(identity);
    if (!room || !one) return;
    room.participants.delete(identity);
    this.#tell('participant_left', name, room, identity, one.kind);
    if ([...room.participants.values()].some(({ kind }) => kind === 'person')) return;
    room.cancelClosing();
    room.cancelClosing = this.#clock.setTimer(EMPTY_ROOM_MS, () => {
      this.#rooms.delete(name);
      this.#tell('room_finished', name, room);
    });
  }

  people(name: string): number {
    return [...(this.#rooms.get(name)?.participants.values() ?? [])].filter(({ kind }) => kind === 'person')
      .length;
  }

  agents(name: string): number {
    const room = this.#rooms.get(name);
    return room ? this.#agents(room).length : 0;
  }

  /** Where calls run on this server: a process that takes `joinMs` to join. */
  process(options: { capacity?: number; joinMs?: number } = {}): FakeProcess {
    return new FakeProcess(this, this.#clock, options.capacity ?? 100, options.joinMs ?? 180);
  }

  #agents(room: FakeRoom): ListedParticipant[] {
    return [...room.participants.values()].filter(({ kind }) => kind === 'agent');
  }

  #tell(event: string, name: string, room: FakeRoom, identity?: string, kind: string = 'person'): void {
    this.events.push({
      event,
      id: `EV_${this.#serial++}`,
      room: { sid: room.sid, name, ...(room.metadata ? { metadata: room.metadata } : {}) },
      ...(identity === undefined
        ? {}
        : {
            participant: { identity, sid: `PA_${identity}`, ...(kind === 'agent' ? { kind: 'AGENT' } : {}) },
          }),
    });
  }
}

/** A process of ours: its calls are agents in the fake server's rooms. */
export class FakeProcess implements CallPlacement {
  readonly #world: FakeLiveKit;
  readonly #clock: Clock;
  readonly #joinMs: number;
  readonly capacity: number;
  readonly #calls = new Map<string, { room: string; end: (end: CallEnd) => void }>();
  #dead = false;
  /** Rooms joined so far. */
  readonly joined: string[] = [];

  constructor(world: FakeLiveKit, clock: Clock, capacity: number, joinMs: number) {
    this.#world = world;
    this.#clock = clock;
    this.capacity = capacity;
    this.#joinMs = joinMs;
  }

  get size(): number {
    return this.#calls.size;
  }

  async place(job: { room: string; roomSid?: string }, signal: AbortSignal): Promise<PlacedCall> {
    await sleep(this.#clock, this.#joinMs, signal);
    signal.throwIfAborted();
    // A process that died does nothing any more.
    if (this.#dead) await new Promise(() => {});
    const identity = agentIdentity(job.roomSid);
    this.#world.join(job.room, identity, 'agent');
    this.joined.push(job.room);
    let finish: (end: CallEnd) => void = () => {};
    const ended = new Promise<CallEnd>((resolve) => {
      finish = resolve;
    });
    const end = (how: CallEnd) => {
      if (!this.#calls.delete(identity)) return;
      this.#world.leave(job.room, identity);
      finish(how);
    };
    this.#calls.set(identity, { room: job.room, end });
    void this.#leaveWhenAlone(job.room, identity, end);
    return {
      ended,
      hangUp: async () => {
        end({ why: 'hungUp' });
        await ended;
      },
    };
  }

  /** Ends the call in a room in this way. */
  end(room: string, how: CallEnd): void {
    for (const call of [...this.#calls.values()]) if (call.room === room) call.end(how);
  }

  /** `kill -9`: LiveKit sees only after a while that the agents are gone. */
  kill(): void {
    this.#dead = true;
    for (const [identity, { room }] of this.#calls) {
      this.#clock.setTimer(GHOST_MS, () => this.#world.leave(room, identity));
    }
  }

  async #leaveWhenAlone(room: string, identity: string, end: (end: CallEnd) => void): Promise<void> {
    let alone = 0;
    while (this.#calls.has(identity) && !this.#dead) {
      await sleep(this.#clock, ALONE_MS / 6);
      alone = this.#world.people(room) === 0 ? alone + 1 : 0;
      if (alone > 6 && !this.#dead) end({ why: 'alone' });
    }
  }
}
