import type { ReplyEnd, TimedEvent } from './event.ts';
import type { ToolUse } from './message.ts';

/** Rounds of requests and tool calls that answer one turn; round 0 is the first request. */
interface Round {
  readonly round: number;
}

/** What are we saying to it? `replies` counts the requests made so far and names them. */
export type ReplyState =
  | { readonly status: 'idle'; readonly replies: number }
  /**
   * Begun before the turn was certain, from `userText`. Nobody hears it and no tool runs until it is adopted; it is
   * dropped without a trace when the words turn out different.
   */
  | {
      readonly status: 'drafting';
      readonly replies: number;
      readonly replyId: string;
      readonly userText: string;
      readonly text: string;
      /** The model has finished. */
      readonly ended: ReplyEnded | undefined;
    }
  /** An answer is owed; it is asked for as soon as the user is silent and cut speech has settled. */
  | ({ readonly status: 'owed'; readonly replies: number } & Round)
  /** The model is streaming. */
  | ({
      readonly status: 'streaming';
      readonly replies: number;
      readonly replyId: string;
      readonly text: string;
    } & Round)
  /** Tools of the last round are running; their results will be told to the model. Never abandoned. */
  | ({ readonly status: 'tools'; readonly replies: number; readonly pending: readonly string[] } & Round);

export interface ReplyEnded {
  readonly reason: ReplyEnd;
  readonly toolUses: readonly ToolUse[];
}

/** What a step of the reply means to the floor and to history. */
export type ReplySignal =
  /** More words to speak; `draft`: to be made, but not to be heard yet. */
  | {
      readonly type: 'replyText';
      readonly replyId: string;
      readonly text: string;
      /** The first words of this reply: its utterance begins. */
      readonly first: boolean;
      readonly draft: boolean;
    }
  /** The model has said all that it will in this round. */
  | {
      readonly type: 'replyEnded';
      readonly replyId: string;
      readonly outcome: 'spoken' | 'empty' | 'silence';
      readonly reason: ReplyEnd;
    }
  /** A draft is complete: its voice may be too. */
  | { readonly type: 'draftEnded'; readonly replyId: string }
  | { readonly type: 'toolsCalled'; readonly uses: readonly ToolUse[] }
  | {
      readonly type: 'toolAnswered';
      readonly toolUseId: string;
      readonly content: string;
      readonly isError: boolean;
    }
  | { readonly type: 'replyFailed'; readonly replyId: string; readonly spoken: boolean };

export interface ReplyStep {
  readonly reply: ReplyState;
  readonly signals: readonly ReplySignal[];
}

export const initialReply: ReplyState = { status: 'idle', replies: 0 };

/** What the model writes when words were not meant for it: nothing is said then. */
export const SILENCE = '<silence/>';

type Streaming = Extract<ReplyState, { status: 'streaming' }>;
type Drafting = Extract<ReplyState, { status: 'drafting' }>;

export function stepReply(reply: ReplyState, event: TimedEvent): ReplyStep {
  switch (event.type) {
    case 'llm.text': {
      if (!isCurrent(reply, event.replyId)) return same(reply);
      const text = reply.text + event.text;
      const speak = newWords(reply.text, text);
      const draft = reply.status === 'drafting';
      return {
        reply: { ...reply, text },
        signals:
          speak === ''
            ? []
            : [
                {
                  type: 'replyText',
                  replyId: event.replyId,
                  text: speak,
                  first: !isSpoken(reply.text),
                  draft,
                },
              ],
      };
    }
    case 'llm.ended': {
      if (!isCurrent(reply, event.replyId)) return same(reply);
      const ended = { reason: event.reason, toolUses: event.toolUses };
      if (reply.status === 'streaming') return finish(reply, ended);
      return {
        reply: { ...reply, ended },
        signals: [{ type: 'draftEnded', replyId: event.replyId }],
      };
    }
    case 'llm.failed': {
      if (!isCurrent(reply, event.replyId)) return same(reply);
      const idle = { status: 'idle', replies: reply.replies } as const;
      // A draft that fails was never promised to anybody.
      if (reply.status === 'drafting') return { reply: idle, signals: [] };
      return {
        reply: idle,
        signals: [{ type: 'replyFailed', replyId: event.replyId, spoken: isSpoken(reply.text) }],
      };
    }
    case 'tool.ended': {
      if (reply.status !== 'tools' || !reply.pending.includes(event.toolUseId)) return same(reply);
      const { replies, round } = reply;
      const pending = reply.pending.filter((id) => id !== event.toolUseId);
      const { toolUseId, content, isError } = event;
      return {
        reply: pending.length > 0 ? { ...reply, pending } : { status: 'owed', replies, round: round + 1 },
        signals: [{ type: 'toolAnswered', toolUseId, content, isError }],
      };
    }
    default:
      return same(reply);
  }
}

function finish(reply: Streaming, { reason, toolUses }: ReplyEnded): ReplyStep {
  const { replies, round, replyId, text } = reply;
  const outcome = isSpoken(text) ? 'spoken' : text.trim() === '' ? 'empty' : 'silence';
  const ended = { type: 'replyEnded', replyId, outcome, reason } as const;
  if (toolUses.length === 0) return { reply: { status: 'idle', replies }, signals: [ended] };
  return {
    reply: { status: 'tools', replies, round, pending: toolUses.map((use) => use.id) },
    signals: [ended, { type: 'toolsCalled', uses: toolUses }],
  };
}

/** The user has said something new: it is owed an answer, together with whatever tools still bring. */
export function oweReply(reply: ReplyState): ReplyState {
  // The round after running tools counts one up from here: the new turn begins its own count at 0.
  return reply.status === 'tools'
    ? { ...reply, round: -1 }
    : { status: 'owed', replies: reply.replies, round: 0 };
}

/** The model is asked. */
export function startReply(reply: Extract<ReplyState, { status: 'owed' }>): Streaming {
  const replies = reply.replies + 1;
  return { status: 'streaming', replies, round: reply.round, replyId: `r${replies}`, text: '' };
}

/** The model is asked before the turn is certain. */
export function startDraft(reply: ReplyState, userText: string): Drafting {
  const replies = reply.replies + 1;
  return { status: 'drafting', replies, replyId: `r${replies}`, userText, text: '', ended: undefined };
}

/** The turn was what the draft took it for: from now on it is a reply like any other. */
export function adoptDraft({ replies, replyId, text, ended }: Drafting): ReplyStep {
  const streaming: Streaming = { status: 'streaming', replies, round: 0, replyId, text };
  return ended ? finish(streaming, ended) : { reply: streaming, signals: [] };
}

/** The part of `after` that may be spoken and was not part of `before`. */
function newWords(before: string, after: string): string {
  if (!isSpoken(after)) return '';
  return isSpoken(before) ? after.slice(before.length) : after;
}

/** Whether the text is speech: not empty, and not the mark of silence or the beginning of one. */
export function isSpoken(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && !SILENCE.startsWith(trimmed) && !trimmed.startsWith(SILENCE);
}

function isCurrent(reply: ReplyState, replyId: string): reply is Streaming | Drafting {
  return (reply.status === 'streaming' || reply.status === 'drafting') && reply.replyId === replyId;
}

function same(reply: ReplyState): ReplyStep {
  return { reply, signals: [] };
}
