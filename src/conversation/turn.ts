import type { Command } from './command.ts';
import type { TimedEvent } from './event.ts';
import type { ConversationOptions } from './options.ts';
import { patience } from './patience.ts';
import { type Words, wordsOf } from './wordsOf.ts';

/** One turn of the user while it is being made. */
interface OpenTurn {
  /** Counts the user's spoken turns from 1. */
  readonly number: number;
  /** Words of the turn before, which have come only now. */
  readonly late: readonly string[];
  /** Words of the commits answered so far. */
  readonly segments: readonly string[];
  /** Commits that were asked for and not answered yet, oldest first. */
  readonly awaiting: readonly string[];
}

interface Counts {
  /** Spoken turns and commits so far; they name them. */
  readonly turns: number;
  readonly commits: number;
  /** The pause for which the last commit was asked for began here, on the session's clock. */
  readonly committedAt: number | undefined;
  /** How long this caller pauses within turns, ms: a moving average; 0 while none was seen. */
  readonly usualPauseMs: number;
}

/** Has the user finished? The user holds the floor in every state but `listening`. */
export type TurnState =
  | ({ readonly status: 'listening' } & Counts)
  | ({ readonly status: 'speaking' } & Counts & OpenTurn)
  | ({
      readonly status: 'pausing';
      /** When the last speech ended, on the session's clock. */
      readonly silentSince: number;
      /** Whether this pause's commit has been asked for; it may be too short for one yet. */
      readonly asked: boolean;
    } & Counts &
      OpenTurn);

type Open = Extract<TurnState, { status: 'speaking' | 'pausing' }>;

/** What a step of the turn means to the other machines. */
export type TurnSignal =
  | { readonly type: 'userTookFloor' }
  /** The user has fallen silent, for a moment or for good. */
  | { readonly type: 'turnPaused' }
  /** All words so far are known, and the user is silent; whether the turn is over is another question. */
  | ({ readonly type: 'turnHeard' } & Words)
  /** Some of the words are known, and more are to come. */
  | ({ readonly type: 'turnPartlyHeard' } & Words)
  /** The user goes on after a pause. */
  | { readonly type: 'turnResumed' }
  /** The user's words are complete and are to be answered. */
  | ({ readonly type: 'turnEnded'; readonly via: 'speech' | 'chat' } & Words)
  /** What was heard had no words in it: a cough, a door. */
  | { readonly type: 'turnDropped' };

export interface TurnStep {
  readonly turn: TurnState;
  readonly commands: readonly Command[];
  readonly signals: readonly TurnSignal[];
}

export const initialTurn: TurnState = {
  status: 'listening',
  turns: 0,
  commits: 0,
  committedAt: undefined,
  usualPauseMs: 0,
};

export function stepTurn(turn: TurnState, event: TimedEvent, options: ConversationOptions): TurnStep {
  switch (event.type) {
    case 'user.speechStarted':
      return speechStarted(turn, event.at - event.onsetAgoMs);
    case 'user.pausing':
      return fallsSilent(turn, event.at - event.silenceMs, event.silenceMs, options);
    case 'user.speechEnded':
      return fallsSilent(turn, event.at - event.silenceMs, Number.POSITIVE_INFINITY, options);
    case 'user.wentOn':
      return wentOn(turn);
    case 'stt.committed':
      return committed(turn, event.commitId, event.text.trim(), event.at);
    case 'stt.failed':
      // Who is speaking is not told so over their own words: the next pause ends the turn.
      if (turn.status === 'speaking') return same({ ...turn, awaiting: [] });
      return turn.status === 'listening' ? same(turn) : close(turn);
    case 'chat.received': {
      const text = event.text.trim();
      return text === ''
        ? same(turn)
        : { ...same(turn), signals: [{ type: 'turnEnded', text, late: '', via: 'chat' }] };
    }
    case 'timer':
      if (turn.status !== 'pausing') return same(turn);
      // Words that come after this are a turn of their own: nothing that was said is lost.
      if (event.name === 'turn.commit') return close({ ...turn, awaiting: [] });
      return event.name === 'turn.endpoint' ? close(turn) : same(turn);
    default:
      return same(turn);
  }
}

/** The words so far were not for us: the turn ends without an answer. */
export function ignoreTurn(turn: TurnState): TurnStep {
  return turn.status === 'listening' ? same(turn) : { ...close(turn), signals: [] };
}

function speechStarted(turn: TurnState, onsetAt: number): TurnStep {
  switch (turn.status) {
    case 'listening':
      return open(turn);
    case 'pausing': {
      const { silentSince, asked: _, ...rest } = turn;
      const usualPauseMs = average(turn.usualPauseMs, onsetAt - silentSince);
      return {
        turn: { ...rest, status: 'speaking', usualPauseMs },
        commands: clearTimers,
        signals: [{ type: 'turnResumed' }],
      };
    }
    case 'speaking':
      return same(turn);
  }
}

/** Pauses longer than this are no rhythm: somebody thinks something over, ms. */
const LONGEST_PAUSE_MS = 3_000;

/** A new pause weighs a third. */
function average(usualMs: number, pauseMs: number): number {
  if (pauseMs > LONGEST_PAUSE_MS) return usualMs;
  return usualMs === 0 ? pauseMs : usualMs + (pauseMs - usualMs) / 3;
}

/** Many commits in quick succession make the vendor hear worse: a silence within a word brings none so soon after another, ms. */
const BETWEEN_EARLY_COMMITS_MS = 1_000;

/** One pause brings one commit, as soon as it is long enough. `silenceMs`: infinite for a pause beyond doubt. */
function fallsSilent(
  turn: TurnState,
  silentSince: number,
  silenceMs: number,
  options: ConversationOptions,
): TurnStep {
  if (turn.status === 'listening' || (turn.status === 'pausing' && turn.asked)) return same(turn);
  const signals = turn.status === 'speaking' ? [{ type: 'turnPaused' } as const] : [];
  const isSoon = turn.committedAt !== undefined && silentSince - turn.committedAt < BETWEEN_EARLY_COMMITS_MS;
  if (silenceMs < (isSoon ? Number.POSITIVE_INFINITY : options.commitAfterMs))
    return { turn: { ...turn, status: 'pausing', silentSince, asked: false }, commands: [], signals };
  const commits = turn.commits + 1;
  const commitId = `c${commits}`;
  const awaiting = [...turn.awaiting, commitId];
  return {
    turn: {
      ...turn,
      status: 'pausing',
      commits,
      committedAt: silentSince,
      silentSince,
      asked: true,
      awaiting,
    },
    commands: [
      { type: 'stt.commit', commitId },
      { type: 'timer.set', name: 'turn.commit', ms: options.commitTimeoutMs },
    ],
    signals,
  };
}

/** Also after words that seemed complete: what follows is then a turn of its own. */
function wentOn(turn: TurnState): TurnStep {
  switch (turn.status) {
    case 'listening':
      return open(turn);
    case 'pausing': {
      const { silentSince: _, asked, ...rest } = turn;
      return {
        turn: { ...rest, status: 'speaking' },
        commands: asked ? clearTimers : [],
        signals: [{ type: 'turnResumed' }],
      };
    }
    case 'speaking':
      return same(turn);
  }
}

function open(turn: Extract<TurnState, { status: 'listening' }>): TurnStep {
  const number = turn.turns + 1;
  return {
    turn: { ...turn, status: 'speaking', turns: number, number, late: [], segments: [], awaiting: [] },
    commands: [],
    signals: [{ type: 'userTookFloor' }],
  };
}

function committed(turn: TurnState, commitId: string, text: string, at: number): TurnStep {
  if (turn.status === 'listening') return late(turn, commitId, text);
  const isLate = !turn.awaiting.includes(commitId);
  const heard = {
    ...turn,
    late: isLate && text !== '' ? [...turn.late, text] : turn.late,
    segments: isLate || text === '' ? turn.segments : [...turn.segments, text],
    awaiting: turn.awaiting.filter((id) => id !== commitId),
  };
  const { text: all, late: before } = wordsOf(heard);
  const partial = all === '' ? [] : [transcript(heard, false)];
  // In a pause that is too short for its own commit yet, more words may be to come.
  if (heard.status === 'speaking' || heard.awaiting.length > 0 || !heard.asked) {
    const signals = all === '' ? [] : [{ type: 'turnPartlyHeard', text: all, late: before } as const];
    return { turn: heard, commands: partial, signals };
  }
  if (all === '') return close(heard);

  const known = { type: 'turnHeard', text: all, late: before } as const;
  const rest = patience(all, heard.usualPauseMs) - (at - heard.silentSince);
  if (rest <= 0) {
    const closed = close(heard);
    return { ...closed, signals: [known, ...closed.signals] };
  }
  return {
    turn: heard,
    commands: [
      ...partial,
      { type: 'timer.clear', name: 'turn.commit' },
      { type: 'timer.set', name: 'turn.endpoint', ms: rest },
    ],
    signals: [known],
  };
}

/** The turn that waited for this commit has gone on without it; its words are answered late rather than never. */
function late(turn: TurnState, commitId: string, text: string): TurnStep {
  if (text === '') return same(turn);
  return {
    turn,
    commands: [
      { type: 'publish.transcript', speaker: 'user', segmentId: `user-${commitId}`, text, final: true },
    ],
    signals: [{ type: 'turnEnded', text, late: '', via: 'speech' }],
  };
}

/** The turn is over: with its words, or without any. */
function close(turn: Open): TurnStep {
  const words = wordsOf(turn);
  const { turns, commits, committedAt, usualPauseMs } = turn;
  return {
    turn: { status: 'listening', turns, commits, committedAt, usualPauseMs },
    commands: words.text === '' ? clearTimers : [...clearTimers, transcript(turn, true)],
    signals: [words.text === '' ? { type: 'turnDropped' } : { type: 'turnEnded', ...words, via: 'speech' }],
  };
}

const clearTimers: readonly Command[] = [
  { type: 'timer.clear', name: 'turn.endpoint' },
  { type: 'timer.clear', name: 'turn.commit' },
];

function transcript(turn: OpenTurn, final: boolean): Command {
  return {
    type: 'publish.transcript',
    speaker: 'user',
    segmentId: `user-${turn.number}`,
    text: wordsOf(turn).text,
    final,
  };
}

function same(turn: TurnState): TurnStep {
  return { turn, commands: [], signals: [] };
}
