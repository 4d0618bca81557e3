import type { ReplyEnd, TimedEvent } from './event.ts';
import type { ToolUse } from './message.ts';

/** Rounds of requests and tool calls that answer one turn; round 0 is the first request. */
interface Round {
  readonly round: number;
}

/** What are we saying to it? */
export type ReplyState =
  | { readonly status: 'idle'; readonly replies: number }
  /** An answer is owed; it is asked for as soon as the user is silent and cut speech has settled. */
  | ({ readonly status: 'owed'; readonly replies: number } & Round)
  /** The model is streaming. `spoken`: whether it has said anything yet. */
  | ({
      readonly status: 'streaming';
      readonly replies: number;
      readonly replyId: string;
      readonly spoken: boolean;
    } & Round)
  /** Tools of the last round are running; their results will be told to the model. Never abandoned. */
  | ({ readonly status: 'tools'; readonly replies: number; readonly pending: readonly string[] } & Round);

/** What a step of the reply means to the floor and to history. */
export type ReplySignal =
  | { readonly type: 'replyText'; readonly replyId: string; readonly text: string }
  /** The model has said all that it will in this round. `spoken`: whether that was anything. */
  | {
      readonly type: 'replyEnded';
      readonly replyId: string;
      readonly spoken: boolean;
      readonly reason: ReplyEnd;
    }
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

export function stepReply(reply: ReplyState, event: TimedEvent): ReplyStep {
  switch (event.type) {
    case 'llm.text': {
      if (!isCurrent(reply, event.replyId)) return same(reply);
      return {
        reply: { ...reply, spoken: true },
        signals: [{ type: 'replyText', replyId: event.replyId, text: event.text }],
      };
    }
    case 'llm.ended': {
      if (!isCurrent(reply, event.replyId)) return same(reply);
      const { replies, round, spoken } = reply;
      const ended = { type: 'replyEnded', replyId: event.replyId, spoken, reason: event.reason } as const;
      if (event.toolUses.length === 0) return { reply: { status: 'idle', replies }, signals: [ended] };
      return {
        reply: { status: 'tools', replies, round, pending: event.toolUses.map((use) => use.id) },
        signals: [ended, { type: 'toolsCalled', uses: event.toolUses }],
      };
    }
    case 'llm.failed': {
      if (!isCurrent(reply, event.replyId)) return same(reply);
      return {
        reply: { status: 'idle', replies: reply.replies },
        signals: [{ type: 'replyFailed', replyId: event.replyId, spoken: reply.spoken }],
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

/** The user has said something new: it is owed an answer, together with whatever tools still bring. */
export function oweReply(reply: ReplyState): ReplyState {
  return reply.status === 'tools'
    ? { ...reply, round: -1 }
    : { status: 'owed', replies: reply.replies, round: 0 };
}

/** The model is asked. */
export function startReply(
  reply: Extract<ReplyState, { status: 'owed' }>,
): Extract<ReplyState, { status: 'streaming' }> {
  const replies = reply.replies + 1;
  return { status: 'streaming', replies, round: reply.round, replyId: `r${replies}`, spoken: false };
}

function isCurrent(
  reply: ReplyState,
  replyId: string,
): reply is Extract<ReplyState, { status: 'streaming' }> {
  return reply.status === 'streaming' && reply.replyId === replyId;
}

function same(reply: ReplyState): ReplyStep {
  return { reply, signals: [] };
}
