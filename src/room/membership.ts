import type { Clock } from '../time/clock.ts';
import type { RoomParticipant } from './room.ts';

/** How long words from an identity that is not announced yet are kept for it. */
const ANNOUNCEMENT_MS = 10_000;

type Member =
  | { readonly status: 'here'; readonly participant: RoomParticipant }
  /** Reported gone: a reconnect of theirs or ours looks the same at first. */
  | { readonly status: 'doubtful'; readonly participant: RoomParticipant; readonly cancel: () => void };

export interface MembershipOptions {
  readonly clock: Clock;
  /** While we ourselves are reconnecting, nobody is declared gone. */
  readonly reconnecting: () => boolean;
  readonly onJoined: (participant: RoomParticipant) => void;
  readonly onLeft: (participant: RoomParticipant) => void;
}

/**
 * Who is in the room, by identity. A full reconnect reports everybody as gone and then as new; this keeps such
 * pairs to itself, so that `onLeft` means a genuine departure.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #members = new Map<string, Member>();
  readonly #awaited = new Set<{ identity: string; settle: (participant?: RoomParticipant) => void }>();

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  list(): RoomParticipant[] {
    return [...this.#members.values()].map((member) => member.participant);
  }

  get(identity: string): RoomParticipant | undefined {
    return this.#members.get(identity)?.participant;
  }

  /** Data can overtake the news of its sender: waits for that, within bounds; undefined when nobody comes. */
  known(identity: string): Promise<RoomParticipant | undefined> {
    const here = this.get(identity);
    if (here !== undefined) return Promise.resolve(here);
    return new Promise((resolve) => {
      const settle = (participant?: RoomParticipant) => {
        cancel();
        this.#awaited.delete(waiter);
        resolve(participant);
      };
      const waiter = { identity, settle };
      const cancel = this.#options.clock.setTimer(ANNOUNCEMENT_MS, () => settle());
      this.#awaited.add(waiter);
    });
  }

  arrived(participant: RoomParticipant): void {
    const known = this.#members.get(participant.identity);
    if (known?.status === 'doubtful') known.cancel();
    this.#members.set(participant.identity, { status: 'here', participant });
    if (known === undefined) this.#options.onJoined(participant);
    for (const waiter of [...this.#awaited]) {
      if (waiter.identity === participant.identity) waiter.settle(participant);
    }
  }

  /** Reported gone; they may return within `graceMs`. The word about an older connection of theirs is ignored. */
  departed(identity: string, sid: string, graceMs: number): void {
    const member = this.#members.get(identity);
    if (member === undefined || member.participant.sid !== sid) return;
    if (member.status === 'doubtful') member.cancel();
    if (graceMs === 0) this.#remove(member.participant);
    else this.#doubt(member.participant, graceMs);
  }

  close(): void {
    for (const member of this.#members.values()) {
      if (member.status === 'doubtful') member.cancel();
    }
    this.#members.clear();
    for (const waiter of [...this.#awaited]) waiter.settle();
  }

  #doubt(participant: RoomParticipant, graceMs: number): void {
    const cancel = this.#options.clock.setTimer(graceMs, () => {
      if (this.#options.reconnecting()) this.#doubt(participant, graceMs);
      else this.#remove(participant);
    });
    this.#members.set(participant.identity, { status: 'doubtful', participant, cancel });
  }

  #remove(participant: RoomParticipant): void {
    this.#members.delete(participant.identity);
    this.#options.onLeft(participant);
  }
}
