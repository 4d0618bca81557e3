import type { Command } from './command.ts';
import { consistsOf } from './consistsOf.ts';
import type { TimedEvent } from './event.ts';
import { judgeOverlap, type OverlapVerdict } from './overlap/judgeOverlap.ts';

/** The user makes a sound while we speak: is it an interruption? */
export type OverlapState =
  | { readonly status: 'none'; readonly looks: number }
  /** We go on, more quietly, until we know. */
  | {
      readonly status: 'undecided';
      readonly looks: number;
      /** When this stretch of speech began, on the session's clock. */
      readonly onsetAt: number;
      /** What the earlier looks at this stretch made of it. */
      readonly earlier: readonly string[];
      /** The look that has not been answered. */
      readonly pending: string | undefined;
      /** `pausing`: silent for a moment; until they go on, there is nothing new to be heard. */
      readonly speech: 'goesOn' | 'pausing' | 'ended';
    }
  /** Taken for a backchannel, a noise or our own echo; the vendor's words may still say otherwise. */
  | { readonly status: 'kept'; readonly looks: number; readonly onsetAt: number };

export interface OverlapStep {
  readonly overlap: OverlapState;
  readonly commands: readonly Command[];
  readonly signals: readonly OverlapSignal[];
}

export type OverlapSignal =
  /** The user wants the floor. */
  | { readonly type: 'interrupted' }
  /** The user does not: full volume again. */
  | { readonly type: 'keptGoing' }
  /** The words of the whole turn were none for us: it is not answered. */
  | { readonly type: 'turnIgnored' };

export const initialOverlap: OverlapState = { status: 'none', looks: 0 };

/** Ages of a stretch of speech at which the recogniser is asked, ms; then every 250 ms. */
const LOOKS_MS = [250, 300, 350, 400, 450, 500, 550, 600, 700, 800, 900, 1_000, 1_150];
const LATER_LOOKS_MS = 250;
/** Speech that nobody understands and that lasts so long is an interruption, ms. */
const LONG_MS = 700;

/** `ours`: what we are saying around this moment. */
export function stepOverlap(overlap: OverlapState, event: TimedEvent, ours: string): OverlapStep {
  if (overlap.status === 'none') return same(overlap);
  switch (event.type) {
    case 'user.speechStarted':
      return beginStretch(overlap, event.at - event.onsetAgoMs, event.at);
    case 'timer':
      if (event.name !== 'overlap.look' || overlap.status !== 'undecided' || overlap.speech !== 'goesOn')
        return same(overlap);
      return overlap.pending === undefined ? look(overlap, false) : scheduleLook(overlap, event.at);
    case 'user.pausing':
      if (overlap.status !== 'undecided') return same(overlap);
      return { ...same({ ...overlap, speech: 'pausing' }), commands: [clear] };
    case 'user.wentOn':
      if (overlap.status !== 'undecided') return same(overlap);
      return scheduleLook({ ...overlap, speech: 'goesOn' }, event.at);
    case 'user.speechEnded':
      if (overlap.status !== 'undecided') return same(overlap);
      return look({ ...overlap, speech: 'ended' }, true);
    case 'user.heard':
      if (overlap.status !== 'undecided' || overlap.pending !== event.lookId) return same(overlap);
      return heard(overlap, event.text, event.ms, event.at, ours);
    default:
      return same(overlap);
  }
}

/** The user begins to speak while we do. */
export function beginOverlap(overlap: OverlapState, onsetAt: number, at: number): OverlapStep {
  return beginStretch(overlap, onsetAt, at);
}

/** The vendor's words of the whole turn, which outweigh what was heard locally. */
export function judgeVendorText(overlap: OverlapState, text: string, at: number, ours: string): OverlapStep {
  if (overlap.status === 'none') return same(overlap);
  const ms = at - overlap.onsetAt;
  const verdict = judgeOverlap({ text, ms, ended: true, from: 'vendor', ours });
  const none = { status: 'none', looks: overlap.looks } as const;
  // The vendor hears whole sentences: one with words of its own is no echo, though it begins like ours.
  if (isInterruption(verdict) || (verdict === 'echo' && !consistsOf(text, ours)))
    return { overlap: none, commands: [clear], signals: [{ type: 'interrupted' }] };
  return { overlap: none, commands: [clear], signals: [{ type: 'keptGoing' }, { type: 'turnIgnored' }] };
}

/** Whether the local recogniser has yet to say what a stretch that has ended was. */
export function isBeingHeard(overlap: OverlapState): boolean {
  return overlap.status === 'undecided' && overlap.speech === 'ended' && overlap.pending !== undefined;
}

/** We do not speak any more: whatever the user says is an ordinary turn. */
export function endOverlap(overlap: OverlapState): OverlapStep {
  if (overlap.status === 'none') return same(overlap);
  return { overlap: { status: 'none', looks: overlap.looks }, commands: [clear], signals: [] };
}

type Undecided = Extract<OverlapState, { status: 'undecided' }>;

function beginStretch(overlap: OverlapState, onsetAt: number, at: number): OverlapStep {
  const undecided: Undecided = {
    status: 'undecided',
    looks: overlap.looks,
    onsetAt,
    earlier: [],
    pending: undefined,
    speech: 'goesOn',
  };
  return scheduleLook(undecided, at);
}

function heard(
  overlap: Undecided,
  text: string | undefined,
  ms: number,
  at: number,
  ours: string,
): OverlapStep {
  const ended = overlap.speech === 'ended';
  const earlier = text === undefined ? overlap.earlier : [...overlap.earlier, text];
  const answered: Undecided = { ...overlap, earlier, pending: undefined };
  // Where nothing can be heard locally, length decides: also what passed while the answer did not come.
  const lastedMs = ended ? ms : Math.max(ms, at - overlap.onsetAt);
  const verdict =
    text === undefined
      ? lastedMs >= LONG_MS
        ? 'interrupt'
        : 'undecided'
      : judgeOverlap({ text, ms, ended, from: 'local', ours, earlier: overlap.earlier });
  if (verdict === 'interrupt') {
    return {
      overlap: { status: 'none', looks: overlap.looks },
      commands: [clear],
      signals: [{ type: 'interrupted' }],
    };
  }
  if (overlap.speech === 'pausing') return same(answered);
  if (!ended) return scheduleLook(answered, at);
  const { looks, onsetAt } = overlap;
  return {
    overlap: { status: 'kept', looks, onsetAt },
    commands: [clear],
    signals: [{ type: 'keptGoing' }],
  };
}

function look(overlap: Undecided, ended: boolean): OverlapStep {
  const looks = overlap.looks + 1;
  const lookId = `look-${looks}`;
  return {
    overlap: { ...overlap, looks, pending: lookId },
    commands: [{ type: 'ears.look', lookId, ended }],
    signals: [],
  };
}

function scheduleLook(overlap: Undecided, at: number): OverlapStep {
  const age = at - overlap.onsetAt;
  const next = LOOKS_MS.find((ms) => ms > age);
  const ms = next === undefined ? LATER_LOOKS_MS : next - age;
  return { overlap, commands: [{ type: 'timer.set', name: 'overlap.look', ms }], signals: [] };
}

const isInterruption = (verdict: OverlapVerdict): boolean =>
  verdict === 'interrupt' || verdict === 'undecided';

const clear: Command = { type: 'timer.clear', name: 'overlap.look' };

function same(overlap: OverlapState): OverlapStep {
  return { overlap, commands: [], signals: [] };
}
