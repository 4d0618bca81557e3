import type { EndedTask } from '../conversation/event.ts';
import type { Room, RoomParticipant } from '../room/room.ts';
import type { Clock } from '../time/clock.ts';
import type { TaskNews } from './taskNews.ts';

const EMPTY_ROOM_MS = 3_000;

export interface AttendanceOptions {
  readonly room: Room;
  readonly tasks: TaskNews;
  readonly taskOwner: 'identity' | 'room';
  readonly clock: Clock;
  /** Wait for somebody to come (back) before `onAlone`, ms; default 3,000. */
  readonly emptyRoomMs?: number;
  /** `isOther`: another person was served before. */
  readonly onServing: (caller: RoomParticipant, isOther: boolean) => void;
  /** Whom we served is gone, perhaps for a moment only. */
  readonly onDeparted: () => void;
  /** Nobody is here, and nobody has come back. */
  readonly onAlone: () => void;
  /** A task of the caller's has ended and nobody has told them yet. */
  readonly onTask: (task: EndedTask) => void;
  /** A task of the caller's runs: its notice can be made ahead. */
  readonly onRunning: (task: Pick<EndedTask, 'description'>) => void;
}

/** Whom a call serves: the first person in the room, and the next one when that one leaves; and their tasks. */
export class Attendance {
  readonly #options: AttendanceOptions;
  #caller: RoomParticipant | undefined;
  #owner: string;
  #identity: string;
  #served = false;
  #unfollow: () => void = () => {};
  #unprepare: () => void = () => {};
  #cancelLeaving: (() => void) | undefined;
  #closed = false;

  constructor(options: AttendanceOptions) {
    this.#options = options;
    this.#owner = options.room.name;
    this.#identity = options.room.name;
  }

  /** Whose tasks are told in this call: the caller's, also while they are away for a moment. */
  get owner(): string {
    return this.#owner;
  }

  /** Whose words are transcribed, also while they are away for a moment. */
  get identity(): string {
    return this.#identity;
  }

  serves({ identity }: RoomParticipant): boolean {
    return this.#caller?.identity === identity;
  }

  /** Somebody may have come. */
  look(): void {
    const { room, tasks, taskOwner, onServing, onTask, onRunning } = this.#options;
    if (this.#closed) return;
    const caller = room.participants.find(({ kind }) => kind === 'person');
    if (!caller) {
      this.#leaveSoon();
      return;
    }
    this.#stay();
    if (this.serves(caller)) return;
    const isOther = this.#served && caller.identity !== this.#identity;
    this.#served = true;
    this.#caller = caller;
    this.#owner = taskOwner === 'room' ? room.name : caller.identity;
    this.#identity = caller.identity;
    onServing(caller, isOther);
    this.#unprepare();
    this.#unprepare = tasks.running?.(this.#owner, onRunning) ?? (() => {});
    this.#unfollow();
    this.#unfollow = tasks.follow(this.#owner, onTask);
  }

  left(participant: RoomParticipant): void {
    if (!this.serves(participant)) return;
    this.#options.onDeparted();
    this.#caller = undefined;
    this.look();
  }

  close(): void {
    this.#closed = true;
    this.#stay();
    this.#unprepare();
    this.#unfollow();
  }

  #leaveSoon(): void {
    const { clock, emptyRoomMs = EMPTY_ROOM_MS, onAlone } = this.#options;
    this.#cancelLeaving ??= clock.setTimer(emptyRoomMs, onAlone);
  }

  #stay(): void {
    this.#cancelLeaving?.();
    this.#cancelLeaving = undefined;
  }
}
