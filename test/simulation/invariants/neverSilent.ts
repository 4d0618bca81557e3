import type { TimedEvent } from '../../../src/conversation/event.ts';
import type { ConversationState } from '../../../src/conversation/state.ts';
import type { PlayedFrame } from '../world/simOutput.ts';
import type { Fail, Invariant } from './invariant.ts';

/** Longest silence from the end of a turn to our first sound, and between two sounds, while an answer is owed, ms. */
const FIRST_MS = 2_600;
const BETWEEN_MS = 4_500;

/** Whoever is owed an answer hears something in time. `graceMs`: what a voice in trouble may take longer. */
export class NeverSilent implements Invariant {
  readonly #fail: Fail;
  readonly #graceMs: number;
  /** Since when an answer is owed to a silent caller; undefined: none is. */
  #owedSinceMs: number | undefined;
  #turnEndedMs = 0;
  #lastSoundMs = Number.NEGATIVE_INFINITY;

  constructor(fail: Fail, graceMs: number) {
    this.#fail = fail;
    this.#graceMs = graceMs;
  }

  event(event: TimedEvent, state: ConversationState, before: ConversationState): void {
    const isOwed = owesAnswer(state);
    const isNewTurn = state.turnsEnded !== before.turnsEnded;
    if (this.#owedSinceMs !== undefined && (!isOwed || isNewTurn)) this.#measure(event.at);
    if (isNewTurn) this.#turnEndedMs = event.at;
    if (!isOwed) this.#owedSinceMs = undefined;
    else if (this.#owedSinceMs === undefined || isNewTurn) this.#owedSinceMs = event.at;
  }

  played(frame: PlayedFrame): void {
    this.#measure(frame.startMs);
    this.#lastSoundMs = frame.endMs;
  }

  #measure(atMs: number): void {
    if (this.#owedSinceMs === undefined) return;
    // Whoever has said something since knows that we have heard nothing new.
    const isFirst = this.#lastSoundMs <= this.#turnEndedMs && this.#owedSinceMs === this.#turnEndedMs;
    const silentMs = atMs - Math.max(this.#owedSinceMs, this.#lastSoundMs);
    const allowedMs = (isFirst ? FIRST_MS : BETWEEN_MS) + this.#graceMs;
    if (silentMs > allowedMs) {
      this.#fail(
        `silent for ${Math.round(silentMs)} ms until ${atMs}, with an answer owed since ${this.#owedSinceMs}`,
      );
    }
  }
}

function owesAnswer({ phase, away, turn, reply, floor }: ConversationState): boolean {
  if (phase !== 'live' || away || turn.status !== 'listening') return false;
  if (reply.status === 'owed' || reply.status === 'tools' || reply.status === 'streaming') return true;
  if (floor.queue.some(({ kind }) => kind !== 'notice')) return true;
  return floor.status === 'speaking' && floor.utterance.kind !== 'notice';
}
