import type { Command } from './command.ts';
import { consistsOf } from './consistsOf.ts';
import type { TimedEvent } from './event.ts';
import { isBackchannel } from './overlap/isBackchannel.ts';
import { judgeOverlap, type OverlapVerdict } from './overlap/judgeOverlap.ts';
import { LOOKS_MS } from './overlap/lookTimes.ts';

/** The user makes a sound while we speak: is it an interruption? */
export type OverlapState =
  | { readonly status: 'none'; readonly looks: number }
  /** We go on, more quietly, until we know. */
  | {
      readonly status: 'undecided';
      readonly looks: number;
      /** When this stretch of speech began, on the session's clock. */
      readonly onsetAt: number;
      /** The turn began before we had said anything to agree with. */
      readonly beforeUs: boolean;
      /** What the earlier looks at this stretch made of it. */
      readonly earlier: readonly string[];
      /** The look that has not been answered. */
      readonly pending: string | undefined;
      /** How old the stretch was when it was looked at last, ms. */
      readonly askedMs: number;
      /** `pausing`: silent for a moment. `paused`: so, and all that was said before has been looked at. */
      readonly speech: 'goesOn' | 'pausing' | 'paused' | 'ended';
      /** What was made of all that was said before a silence that may be the end. */
      readonly whole?: Heard | undefined;
    }
  /** Taken for a backchannel, a noise or our own echo; the vendor's words may still say otherwise. */
  | {
      readonly status: 'kept';
      readonly looks: number;
      readonly onsetAt: number;
      readonly beforeUs: boolean;
    };

type Heard = Pick<Extract<TimedEvent, { type: 'user.heard' }>, 'text' | 'ms' | 'sure'>;

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

/** After the last of `LOOKS_MS`, the recogniser is asked every so often, ms. */
const LATER_LOOKS_MS = 250;
/** Speech that nobody understands and that lasts so long is an interruption, ms. */
const LONG_MS = 700;

/** `ours`: what we are saying around this moment. */
export function stepOverlap(overlap: OverlapState, event: TimedEvent, ours: string): OverlapStep {
  if (overlap.status === 'none') return same(overlap);
  switch (event.type) {
    case 'user.speechStarted':
      return beginStretch(overlap, event.at - event.onsetAgoMs, event.at, overlap.beforeUs);
    case 'timer':
      if (event.name !== 'overlap.look' || overlap.status !== 'undecided' || overlap.speech !== 'goesOn')
        return same(overlap);
      return overlap.pending === undefined ? look(overlap, false, event.at) : same(overlap);
    case 'user.pausing':
      if (overlap.status !== 'undecided' || overlap.speech !== 'goesOn') return same(overlap);
      return pauses(overlap, event.at);
    case 'user.wentOn':
      if (overlap.status !== 'undecided') return same(overlap);
      return scheduleLook({ ...overlap, speech: 'goesOn', whole: undefined }, event.at);
    case 'user.speechEnded':
      if (overlap.status !== 'undecided') return same(overlap);
      return ends({ ...overlap, speech: 'ended' }, event.at, ours);
    case 'user.heard':
      if (overlap.status !== 'undecided' || overlap.pending !== event.lookId) return same(overlap);
      return heard({ ...overlap, pending: undefined }, event, event.at, ours);
    default:
      return same(overlap);
  }
}

/** The user begins to speak while we do; `beforeUs`: and has not heard anything of us to agree with. */
export function beginOverlap(
  overlap: OverlapState,
  onsetAt: number,
  at: number,
  beforeUs: boolean,
): OverlapStep {
  return beginStretch(overlap, onsetAt, at, beforeUs || (overlap.status !== 'none' && overlap.beforeUs));
}

/** The vendor's words of the whole turn, which outweigh what was heard locally. */
export function judgeVendorText(overlap: OverlapState, text: string, at: number, ours: string): OverlapStep {
  if (overlap.status === 'none') return same(overlap);
  const verdict = vendorVerdict(overlap, text, at, ours);
  // The vendor hears whole sentences: one with words of its own is no echo, though it begins like ours.
  const saysMore = verdict === 'echo' && !consistsOf(text, ours);
  // Who had not heard us yet goes on with a sentence of their own, in any word that is no plain backchannel.
  const goesOn = overlap.beforeUs && verdict === 'backchannel' && !isBackchannel(text);
  if (isInterruption(verdict) || saysMore || goesOn) return interrupted(overlap);
  return {
    overlap: { status: 'none', looks: overlap.looks },
    commands: [clear],
    signals: [{ type: 'keptGoing' }, { type: 'turnIgnored' }],
  };
}

/** The vendor's words of a part of a turn: enough to yield to, too little to be sure of anything else. */
export function judgeFirstWords(overlap: OverlapState, text: string, at: number, ours: string): OverlapStep {
  if (overlap.status === 'none' || vendorVerdict(overlap, text, at, ours) !== 'interrupt')
    return same(overlap);
  return interrupted(overlap);
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
type Overlapping = Exclude<OverlapState, { status: 'none' }>;

function interrupted({ looks }: OverlapState): OverlapStep {
  return { overlap: { status: 'none', looks }, commands: [clear], signals: [{ type: 'interrupted' }] };
}

function vendorVerdict({ onsetAt }: Overlapping, text: string, at: number, ours: string): OverlapVerdict {
  return judgeOverlap({ text, ms: at - onsetAt, speech: 'ended', from: 'vendor', ours });
}

function beginStretch(overlap: OverlapState, onsetAt: number, at: number, beforeUs: boolean): OverlapStep {
  const undecided: Undecided = {
    status: 'undecided',
    looks: overlap.looks,
    onsetAt,
    beforeUs,
    earlier: [],
    pending: undefined,
    askedMs: 0,
    speech: 'goesOn',
  };
  return scheduleLook(undecided, at);
}

/** Where all was said, it is looked at before it is known to be the end: an interruption need not wait for that. */
function pauses(overlap: Undecided, at: number): OverlapStep {
  if (overlap.pending !== undefined) return { ...same({ ...overlap, speech: 'pausing' }), commands: [clear] };
  const step = look({ ...overlap, speech: 'paused' }, true, at);
  return { ...step, commands: [clear, ...step.commands] };
}

function ends(overlap: Undecided, at: number, ours: string): OverlapStep {
  const { whole, earlier } = overlap;
  if (whole === undefined) return look(overlap, true, at);
  // It is the same that was heard in the pause.
  return heard({ ...overlap, earlier: earlier.slice(0, -1) }, whole, at, ours);
}

function heard(overlap: Undecided, { text, ms, sure }: Heard, at: number, ours: string): OverlapStep {
  const { earlier, speech } = overlap;
  // Where nothing can be heard locally, length decides: also what passed while the answer did not come.
  const lastedMs = speech === 'ended' ? ms : Math.max(ms, at - overlap.onsetAt);
  const verdict =
    text === undefined
      ? lastedMs >= LONG_MS
        ? 'interrupt'
        : 'undecided'
      : judgeOverlap({
          text,
          ms,
          speech: speech === 'pausing' ? 'goesOn' : speech,
          from: 'local',
          ours,
          earlier,
          ...(sure === undefined ? {} : { sure }),
        });
  if (verdict === 'interrupt') return interrupted(overlap);
  const known = text === undefined ? overlap : { ...overlap, earlier: [...earlier, text] };
  switch (speech) {
    case 'goesOn':
      return scheduleLook(known, at);
    case 'pausing':
      return pauses(known, at);
    case 'paused':
      return same(text === undefined ? known : { ...known, whole: { text, ms, ...(sure && { sure }) } });
    case 'ended': {
      const { looks, onsetAt, beforeUs } = overlap;
      return {
        overlap: { status: 'kept', looks, onsetAt, beforeUs },
        commands: [clear],
        signals: [{ type: 'keptGoing' }],
      };
    }
  }
}

function look(overlap: Undecided, ended: boolean, at: number): OverlapStep {
  const looks = overlap.looks + 1;
  const lookId = `look-${looks}`;
  return {
    overlap: { ...overlap, looks, pending: lookId, askedMs: at - overlap.onsetAt },
    commands: [{ type: 'ears.look', lookId, ended }],
    signals: [],
  };
}

/** A look that became due while the last one was not answered yet is due now. */
function scheduleLook(overlap: Undecided, at: number): OverlapStep {
  const { askedMs, onsetAt } = overlap;
  const due = LOOKS_MS.find((ms) => ms > askedMs) ?? askedMs + LATER_LOOKS_MS;
  const ms = Math.max(0, due - (at - onsetAt));
  return { overlap, commands: [{ type: 'timer.set', name: 'overlap.look', ms }], signals: [] };
}

const isInterruption = (verdict: OverlapVerdict): boolean =>
  verdict === 'interrupt' || verdict === 'undecided';

const clear: Command = { type: 'timer.clear', name: 'overlap.look' };

function same(overlap: OverlapState): OverlapStep {
  return { overlap, commands: [], signals: [] };
}
