import type { Command } from './command.ts';
import type { TimedEvent } from './event.ts';
import type { ConversationOptions } from './options.ts';
import { patience } from './patience.ts';

/** One turn of the user while it is being made. */
interface OpenTurn {
  /** Counts the user's spoken turns from 1. */
  readonly number: number;
  /** Words of the commits answered so far. */
  readonly segments: readonly string[];
  /** Commits that were asked for and not answered yet, oldest first. */
  readonly awaiting: readonly string[];
}

/** Has the user finished? The user holds the floor in every state but `listening`. */
export type TurnState =
  | { readonly status: 'listening'; readonly turns: number; readonly commits: number }
  | ({ readonly status: 'speaking'; readonly turns: number; readonly commits: number } & OpenTurn)
  /** `silentSince`: when the last speech ended, on the session's clock. */
  | ({
      readonly status: 'pausing';
      readonly turns: number;
      readonly commits: number;
      readonly silentSince: number;
    } & OpenTurn);

/** What a step of the turn means to the other machines. */
export type TurnSignal =
  | { readonly type: 'userTookFloor' }
  /** The user's words are complete and are to be answered. */
  | { readonly type: 'turnEnded'; readonly text: string; readonly via: 'speech' | 'chat' }
  /** What was heard had no words in it: a cough, a door. */
  | { readonly type: 'turnDropped' };

export interface TurnStep {
  readonly turn: TurnState;
  readonly commands: readonly Command[];
  readonly signals: readonly TurnSignal[];
}

export const initialTurn: TurnState = { status: 'listening', turns: 0, commits: 0 };

export function stepTurn(turn: TurnState, event: TimedEvent, options: ConversationOptions): TurnStep {
  switch (event.type) {
    case 'user.speechStarted':
      return speechStarted(turn);
    case 'user.speechEnded':
      return turn.status === 'speaking' ? speechEnded(turn, event.at - event.silenceMs, options) : same(turn);
    case 'stt.committed':
      return committed(turn, event.commitId, event.text.trim(), event.at);
    case 'stt.failed':
      return turn.status === 'listening' ? same(turn) : close(turn);
    case 'chat.received': {
      const text = event.text.trim();
      return text === ''
        ? same(turn)
        : { ...same(turn), signals: [{ type: 'turnEnded', text, via: 'chat' }] };
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

function speechStarted(turn: TurnState): TurnStep {
  switch (turn.status) {
    case 'listening': {
      const number = turn.turns + 1;
      return {
        turn: {
          status: 'speaking',
          turns: number,
          commits: turn.commits,
          number,
          segments: [],
          awaiting: [],
        },
        commands: [],
        signals: [{ type: 'userTookFloor' }],
      };
    }
    case 'pausing': {
      const { silentSince: _, ...open } = turn;
      return { turn: { ...open, status: 'speaking' }, commands: clearTimers, signals: [] };
    }
    case 'speaking':
      return same(turn);
  }
}

function speechEnded(
  turn: Extract<TurnState, { status: 'speaking' }>,
  silentSince: number,
  options: ConversationOptions,
): TurnStep {
  const commits = turn.commits + 1;
  const commitId = `c${commits}`;
  return {
    turn: { ...turn, status: 'pausing', commits, silentSince, awaiting: [...turn.awaiting, commitId] },
    commands: [
      { type: 'stt.commit', commitId },
      { type: 'timer.set', name: 'turn.commit', ms: options.commitTimeoutMs },
    ],
    signals: [],
  };
}

function committed(turn: TurnState, commitId: string, text: string, at: number): TurnStep {
  // The turn that waited for this commit has gone on without it; its words are answered late rather than never.
  if (turn.status === 'listening' || !turn.awaiting.includes(commitId)) {
    if (text === '') return same(turn);
    if (turn.status !== 'listening') return same({ ...turn, segments: [...turn.segments, text] });
    return {
      turn,
      commands: [
        { type: 'publish.transcript', speaker: 'user', segmentId: `user-${commitId}`, text, final: true },
      ],
      signals: [{ type: 'turnEnded', text, via: 'speech' }],
    };
  }
  const heard = {
    ...turn,
    segments: text === '' ? turn.segments : [...turn.segments, text],
    awaiting: turn.awaiting.filter((id) => id !== commitId),
  };
  const partial = heard.segments.length > 0 ? [transcript(heard, false)] : [];
  if (heard.status === 'speaking' || heard.awaiting.length > 0) return { ...same(heard), commands: partial };
  if (heard.segments.length === 0) return close(heard);

  const rest = patience(heard.segments.join(' ')) - (at - heard.silentSince);
  if (rest <= 0) return close(heard);
  return {
    turn: heard,
    commands: [
      ...partial,
      { type: 'timer.clear', name: 'turn.commit' },
      { type: 'timer.set', name: 'turn.endpoint', ms: rest },
    ],
    signals: [],
  };
}

/** The turn is over: with its words, or without any. */
function close(turn: Extract<TurnState, { status: 'speaking' | 'pausing' }>): TurnStep {
  const text = turn.segments.join(' ');
  return {
    turn: { status: 'listening', turns: turn.turns, commits: turn.commits },
    commands: text === '' ? clearTimers : [...clearTimers, transcript(turn, true)],
    signals: [text === '' ? { type: 'turnDropped' } : { type: 'turnEnded', text, via: 'speech' }],
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
    text: turn.segments.join(' '),
    final,
  };
}

function same(turn: TurnState): TurnStep {
  return { turn, commands: [], signals: [] };
}
