import pc from 'picocolors';
import type { Room } from '../room/room.ts';
import type { Clock } from '../time/clock.ts';

/** Prints a call as it goes on, seen from one participant: who, when, which words. */
export class ConversationView {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #write: (line: string) => void;

  constructor(options: { room: Room; clock: Clock; write: (line: string) => void }) {
    this.#clock = options.clock;
    this.#startedAt = options.clock.now();
    this.#write = options.write;
    const begun = new Map<string, number>();
    options.room.on('transcript', ({ segmentId, speaker, text, final }) => {
      if (speaker !== 'agent') return;
      const beganAt = begun.get(segmentId) ?? this.#clock.now();
      begun.set(segmentId, beganAt);
      if (final) this.#line(beganAt, pc.green('agent '), text);
    });
  }

  /** The caller says this now. */
  said(text: string): void {
    this.#line(this.#clock.now(), pc.cyan('caller'), text);
  }

  #line(at: number, who: string, text: string): void {
    const seconds = (at - this.#startedAt) / 1000;
    const minutes = Math.floor(seconds / 60);
    const stamp = `${String(minutes).padStart(2, '0')}:${(seconds - 60 * minutes).toFixed(1).padStart(4, '0')}`;
    this.#write(`${pc.dim(stamp)}  ${who}  ${text}`);
  }
}
