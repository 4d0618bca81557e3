import { FRAME_MS, OUTPUT_RATE } from '../audio/format.ts';
import type { Clock } from '../time/clock.ts';
import { hears } from './hears.ts';
import { type LocalHubLink, LocalMember } from './localMember.ts';
import { LocalOutput } from './localOutput.ts';
import type { ParticipantKind, Room } from './room.ts';
import type { RoomLog } from './roomLog.ts';

/** After standing still for longer than this, the room goes on from now instead of catching up. */
const MAX_CATCH_UP_MS = 1000;

export interface LocalJoinOptions {
  readonly identity: string;
  /** Default: the identity. */
  readonly name?: string;
  readonly kind: ParticipantKind;
  /** Hz of the member's own track; default 24000. */
  readonly outputRate?: number;
}

export interface LocalHub {
  readonly name: string;
  /** A second member with the same identity ends the membership of the first, as in LiveKit. */
  join(options: LocalJoinOptions): Promise<Room>;
  /** Ends everybody's membership, as deleting the room does. */
  close(reason?: string): void;
}

export interface LocalHubOptions {
  readonly clock: Clock;
  readonly name: string;
  readonly log?: RoomLog;
}

/**
 * A room inside this process, for machines without a LiveKit server and for tests. It keeps real time by its clock,
 * which may be a virtual one: every 20 ms each member's track is played, and the others hear it as 16 kHz frames,
 * silence included, as from a real subscription.
 */
export function createLocalHub(options: LocalHubOptions): LocalHub {
  return new Hub(options);
}

const NO_LOG: RoomLog = { debug() {}, info() {}, warn() {} };

class Hub implements LocalHub, LocalHubLink {
  readonly name: string;
  readonly #clock: Clock;
  readonly #log: RoomLog;
  readonly #members = new Set<LocalMember>();
  #joins = 0;
  #stopTicking: (() => void) | undefined;

  constructor(options: LocalHubOptions) {
    this.name = options.name;
    this.#clock = options.clock;
    this.#log = options.log ?? NO_LOG;
  }

  async join(options: LocalJoinOptions): Promise<Room> {
    const { identity, kind, name = identity } = options;
    const output = await LocalOutput.create(options.outputRate ?? OUTPUT_RATE);
    for (const member of this.#members) {
      if (member.identity === identity) member.expel('another participant joined with the same identity');
    }
    const participant = { identity, name, kind, sid: `PA_local_${++this.#joins}` };
    const newcomer = new LocalMember({ participant, output, hub: this, log: this.#log });
    for (const member of this.#members) {
      member.emitter.emit('participantJoined', participant);
      newcomer.emitter.emit('participantJoined', member.participant);
      if (member.agentState !== undefined) {
        newcomer.emitter.emit('agentState', member.agentState, member.participant);
      }
    }
    this.#members.add(newcomer);
    if (this.#stopTicking === undefined) this.#tickAt(this.#clock.now() + FRAME_MS);
    return newcomer;
  }

  close(reason = 'the room was closed'): void {
    for (const member of [...this.#members]) member.expel(reason);
  }

  others(of: LocalMember): LocalMember[] {
    return [...this.#members].filter((member) => member !== of);
  }

  removed(gone: LocalMember): void {
    this.#members.delete(gone);
    for (const member of this.#members) member.emitter.emit('participantLeft', gone.participant);
    if (this.#members.size > 0) return;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }

  #tickAt(due: number): void {
    this.#stopTicking = this.#clock.setTimer(Math.max(0, due - this.#clock.now()), () => {
      const late = this.#clock.now() - due;
      this.#play();
      // A listener may have been the last to leave, or have left and let somebody new in.
      if (this.#members.size > 0) this.#tickAt((late > MAX_CATCH_UP_MS ? this.#clock.now() : due) + FRAME_MS);
    });
  }

  #play(): void {
    for (const speaker of [...this.#members]) {
      const frames = speaker.output.play();
      const listeners = this.others(speaker).filter((listener) =>
        hears(listener.participant.kind, speaker.participant.kind),
      );
      for (const frame of frames) {
        for (const listener of listeners) listener.emitter.emit('audio', frame.slice(), speaker.participant);
      }
    }
  }
}
