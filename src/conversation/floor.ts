import type { Command } from './command.ts';
import type { EndedTask, TimedEvent } from './event.ts';

/** Something of ours that is or will be spoken. Its audio is being made from the moment it is queued. */
export type Utterance =
  | { readonly id: string; readonly kind: 'reply' }
  /** A fixed line: the greeting, an apology. */
  | { readonly id: string; readonly kind: 'line' }
  /** Tells of finished tasks. It goes before everything else of ours, and is told again when it was not heard. */
  | {
      readonly id: string;
      readonly kind: 'notice';
      readonly tasks: readonly EndedTask[];
      readonly text: string;
      /** Whose tasks these are has gone: what is not heard of it now is not told again. */
      readonly isForgotten?: boolean;
    };

/** Who may speak now? Ours is one voice: at most one utterance is out of the queue at any time. */
export type FloorState =
  | { readonly status: 'free'; readonly queue: readonly Utterance[] }
  | {
      readonly status: 'speaking';
      readonly queue: readonly Utterance[];
      readonly utterance: Utterance;
      /** Whether its first frame has been accepted. */
      readonly audible: boolean;
      /** Its words that have been heard. */
      readonly heard: string;
    }
  /** Silent because the user spoke before its first word; nothing of it is lost. */
  | { readonly status: 'held'; readonly queue: readonly Utterance[]; readonly utterance: Utterance }
  /** Told to stop; over at `speech.ended`. `audible`: whether it can still be heard until then. */
  | {
      readonly status: 'cutting';
      readonly queue: readonly Utterance[];
      readonly utterance: Utterance;
      readonly audible: boolean;
    };

export interface FloorStep {
  readonly floor: FloorState;
  readonly commands: readonly Command[];
}

export const initialFloor: FloorState = { status: 'free', queue: [] };

export function stepFloor(floor: FloorState, event: TimedEvent): FloorStep {
  switch (event.type) {
    case 'speech.started':
      return floor.status === 'speaking' && floor.utterance.id === event.utteranceId
        ? { floor: { ...floor, audible: true }, commands: [] }
        : { floor, commands: [] };
    case 'speech.progress':
      return floor.status === 'speaking' && floor.utterance.id === event.utteranceId
        ? { floor: { ...floor, heard: event.heard }, commands: [] }
        : { floor, commands: [] };
    case 'speech.ended':
      return floor.status !== 'free' && floor.utterance.id === event.utteranceId
        ? { floor: { status: 'free', queue: floor.queue }, commands: [] }
        : {
            floor: { ...floor, queue: floor.queue.filter(({ id }) => id !== event.utteranceId) },
            commands: [],
          };
    default:
      return { floor, commands: [] };
  }
}

/** Queues an utterance; notices go before replies and lines. */
export function enqueue(floor: FloorState, utterance: Utterance): FloorState {
  if (utterance.kind !== 'notice') return { ...floor, queue: [...floor.queue, utterance] };
  const notices = floor.queue.filter(({ kind }) => kind === 'notice');
  const others = floor.queue.filter(({ kind }) => kind !== 'notice');
  return { ...floor, queue: [...notices, utterance, ...others] };
}

/** The user speaks and we must not begin, or not go on: our voice is silent at once. */
export function hold(floor: FloorState): FloorStep {
  if (floor.status === 'free' || floor.status === 'held') return { floor, commands: [] };
  const { queue, utterance } = floor;
  if (floor.status === 'cutting') {
    // It was about to stop at the next word; now it stops in the middle of this one.
    return { floor, commands: [{ type: 'speech.cut', utteranceId: utterance.id, when: 'now' }] };
  }
  return {
    floor: { status: 'held', queue, utterance },
    commands: [{ type: 'speech.hold', utteranceId: utterance.id }],
  };
}

/** The user said nothing after all: we go on where we were. */
export function resume(floor: FloorState): FloorStep {
  if (floor.status !== 'held') return { floor, commands: [] };
  const { queue, utterance } = floor;
  return {
    floor: { status: 'speaking', queue, utterance, audible: false, heard: '' },
    commands: [{ type: 'speech.resume', utteranceId: utterance.id }],
  };
}

/** Stops what is being said, `now` for the user's sake, at a `word` for a notice's. */
export function cut(floor: FloorState, when: 'now' | 'word'): FloorStep {
  if (floor.status === 'free' || floor.status === 'cutting') return { floor, commands: [] };
  const { queue, utterance } = floor;
  return {
    floor: { status: 'cutting', queue, utterance, audible: floor.status === 'speaking' && floor.audible },
    // A held utterance is silent already: there is no word to wait for.
    commands: [
      { type: 'speech.cut', utteranceId: utterance.id, when: floor.status === 'held' ? 'now' : when },
    ],
  };
}

/** Takes queued utterances back before they were spoken. */
export function dropQueued(floor: FloorState, drop: (utterance: Utterance) => boolean): FloorStep {
  return {
    floor: { ...floor, queue: floor.queue.filter((utterance) => !drop(utterance)) },
    commands: floor.queue
      .filter(drop)
      .map(({ id }) => ({ type: 'speech.cut', utteranceId: id, when: 'now' }) as const),
  };
}

/** Lets the next utterance speak. */
export function grant(floor: FloorState, allowed: (utterance: Utterance) => boolean): FloorStep {
  if (floor.status !== 'free') return { floor, commands: [] };
  const index = floor.queue.findIndex(allowed);
  const utterance = floor.queue[index];
  if (!utterance) return { floor, commands: [] };
  return {
    floor: {
      status: 'speaking',
      queue: floor.queue.toSpliced(index, 1),
      utterance,
      audible: false,
      heard: '',
    },
    commands: [{ type: 'speech.play', utteranceId: utterance.id }],
  };
}

/** Whether more words of this utterance would still be spoken. */
export function isLive(floor: FloorState, utteranceId: string): boolean {
  const current = floor.status === 'speaking' || floor.status === 'held' ? floor.utterance.id : undefined;
  return current === utteranceId || floor.queue.some(({ id }) => id === utteranceId);
}
