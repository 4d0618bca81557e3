import type { ConversationState } from '../../src/conversation/state.ts';
import type { RoomParticipant } from '../../src/room/room.ts';
import type { Clock } from '../../src/time/clock.ts';
import { sleep } from '../../src/time/sleep.ts';
import type { WordsArrive } from './invariants/wordsArrive.ts';
import type { Yields } from './invariants/yields.ts';
import type { Moment, Step } from './script.ts';
import type { Mouth, Stretch } from './world/mouth.ts';
import type { SimRoom } from './world/simRoom.ts';
import { MOST_LATE_MS, type Uplink } from './world/uplink.ts';

export interface CallerParts {
  readonly room: SimRoom;
  readonly clock: Clock;
  readonly mouth: Mouth;
  readonly yields: Yields;
  readonly words: WordsArrive;
  readonly uplink: Uplink;
  /** How the conversation stands. */
  readonly state: () => ConversationState;
}

const LOOK_MS = 50;
/** Longest wait for the right moment, ms. */
const PATIENCE_MS = { quiet: 20_000, speaking: 5_000 } as const;

/** Does what the script says. */
export class Caller {
  readonly #parts: CallerParts;
  #person: RoomParticipant;
  #joins = 1;
  /** What was said last, or is being said. */
  #label: string | undefined;

  constructor(parts: CallerParts) {
    this.#parts = parts;
    parts.uplink.onHole = () => {
      parts.yields.excuse();
      if (this.#label !== undefined) parts.words.excuse(this.#label);
    };
    this.#person = parts.room.join('caller-1');
  }

  /** Who speaks now. */
  get person(): RoomParticipant {
    return this.#person;
  }

  async perform(step: Step): Promise<void> {
    const { room, clock, words, uplink } = this.#parts;
    await this.#moment(step.at);
    // What is still under way when somebody leaves is lost to everybody.
    if (step.does === 'leave' || step.does === 'handOver') await sleep(clock, uplink.underWayMs);
    switch (step.does) {
      case 'say':
        await this.#say(step);
        break;
      case 'type':
        words.said(step.label);
        room.emit('chat', step.text.replace('LABEL', step.label), this.#person);
        break;
      case 'leave': {
        room.depart(this.#person);
        await sleep(clock, step.awayMs);
        this.#person = room.join(this.#person.identity);
        break;
      }
      case 'handOver': {
        const before = this.#person;
        this.#person = room.join(`caller-${++this.#joins}`);
        await sleep(clock, LOOK_MS);
        room.depart(before);
        break;
      }
    }
  }

  leave(): void {
    this.#parts.mouth.mute();
    this.#parts.room.depart(this.#person);
  }

  async #say({ what, stretches, label, mutedAfterMs }: Extract<Step, { does: 'say' }>): Promise<void> {
    const { clock, mouth, yields, words, room, uplink } = this.#parts;
    const isOverUs = room.output.isAudible;
    this.#label = label;
    const isHeard = uplink.underWayMs <= MOST_LATE_MS;
    if (label !== undefined && !isHeard) words.excuse(label);
    if (label !== undefined && mutedAfterMs === undefined) words.said(label);
    if (what === 'interruption' && isOverUs && isHeard && mutedAfterMs === undefined)
      yields.interrupts(clock.now());
    const unmute = mutedAfterMs === undefined ? () => {} : clock.setTimer(mutedAfterMs, () => mouth.mute());
    await mouth.say(what === 'echo' ? this.#echo(stretches) : stretches);
    unmute();
    mouth.unmute();
    yields.ends(clock.now());
  }

  /** Our own last words, come back from a loudspeaker. */
  #echo(stretches: readonly Stretch[]): Stretch[] {
    const { floor } = this.#parts.state();
    const heard = floor.status === 'speaking' ? floor.heard.split(' ').slice(-4) : [];
    return stretches.map((stretch) => ({ ...stretch, words: heard }));
  }

  async #moment({ when, ms }: Moment): Promise<void> {
    const { clock, room } = this.#parts;
    if (when === 'now') return sleep(clock, ms);
    const giveUpAt = clock.now() + PATIENCE_MS[when];
    let since = clock.now();
    while (clock.now() < giveUpAt) {
      if (room.output.isAudible !== (when === 'speaking')) since = clock.now();
      else if (clock.now() - since >= ms) return;
      await sleep(clock, LOOK_MS);
    }
  }
}
