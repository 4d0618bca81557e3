import type { Room, RoomEvents, RoomParticipant } from '../../../src/room/room.ts';
import { RoomEmitter } from '../../../src/room/roomEmitter.ts';
import { silentLogger } from '../../../src/telemetry/silentLogger.ts';
import type { Clock } from '../../../src/time/clock.ts';
import type { SimOutput } from './simOutput.ts';

/** A room as the agent sees it; the people in it are moved by the script. */
export class SimRoom implements Room {
  readonly name = 'simulation';
  readonly identity = 'agent';
  readonly output: SimOutput;
  readonly #people: RoomParticipant[] = [];
  readonly #emitter = new RoomEmitter(silentLogger);
  readonly #clock: Clock;
  #joins = 0;
  /** When the last person went; undefined while there is one, and before the first. */
  emptySinceMs: number | undefined;
  hasLeft = false;

  constructor(output: SimOutput, clock: Clock) {
    this.output = output;
    this.#clock = clock;
  }

  get participants(): readonly RoomParticipant[] {
    return [...this.#people];
  }

  on<E extends keyof RoomEvents>(event: E, listener: (...args: RoomEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  emit<E extends keyof RoomEvents>(event: E, ...args: RoomEvents[E]): void {
    if (!this.hasLeft) this.#emitter.emit(event, ...args);
  }

  join(identity: string): RoomParticipant {
    const person = { identity, sid: `PA_${++this.#joins}`, name: identity, kind: 'person' } as const;
    this.#people.push(person);
    this.emptySinceMs = undefined;
    this.emit('participantJoined', person);
    return person;
  }

  depart(person: RoomParticipant): void {
    const index = this.#people.indexOf(person);
    if (index < 0) return;
    this.#people.splice(index, 1);
    if (this.#people.length === 0) this.emptySinceMs = this.#clock.now();
    this.emit('participantLeft', person);
  }

  /** The room is over, from the other side. */
  close(): void {
    this.emit('closed', 'the room was deleted');
    this.output.close();
  }

  async publishState(): Promise<void> {}
  async publishTranscript(): Promise<void> {}
  async sendChat(): Promise<void> {}

  async leave(): Promise<void> {
    this.hasLeft = true;
    this.output.close();
  }
}
