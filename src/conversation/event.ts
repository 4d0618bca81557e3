import type { Handover } from './handover.ts';
import type { ToolUse } from './message.ts';
import type { Finished } from './noticeText.ts';
import type { TimerName } from './timerName.ts';

/** A task that has ended, as far as the conversation needs to know it. */
export interface EndedTask extends Finished {
  readonly jobId: string;
}

/** Why a reply of the model ended; see `StopReason` of the language model port. */
export type ReplyEnd = 'end' | 'toolUse' | 'maxTokens' | 'refusal' | 'contextFull';

/** Everything that can happen to a conversation. */
export type ConversationEvent =
  /** A person is in the room and our track is up. */
  | {
      readonly type: 'call.joined';
      /** The call goes on here that another process, or another session, could not go on with. */
      readonly resumed?: Handover;
      /** Not the one whom the call served before. */
      readonly isOther?: boolean;
    }
  /** Whom the call serves has gone, perhaps for a moment: `call.joined` or `call.ended` follows. */
  | { readonly type: 'call.left' }
  /** Something about the call itself has to be said: that it will soon end. */
  | { readonly type: 'call.remark'; readonly text: string }
  /** We have to go: says goodbye, then leaves. */
  | { readonly type: 'call.closing'; readonly text: string }
  /** The call is over: everything that runs has to stop. */
  | { readonly type: 'call.ended' }
  /** A sound of the user's that may be the beginning of speech: `user.speechStarted` or `user.saidNothing` follows. */
  | { readonly type: 'user.maySpeak' }
  | { readonly type: 'user.saidNothing' }
  /** `onsetAgoMs`: how long ago the speech truly began. */
  | { readonly type: 'user.speechStarted'; readonly onsetAgoMs: number }
  /** The user has been silent for so long already; whether they go on is not known. Comes again as the silence grows. */
  | { readonly type: 'user.pausing'; readonly silenceMs: number }
  /** What `user.pausing` told of was no end: a consonant, a breath. */
  | { readonly type: 'user.wentOn' }
  /** `silenceMs` of silence have already passed since the last speech. */
  | { readonly type: 'user.speechEnded'; readonly silenceMs: number }
  /** What the local recogniser made of the current stretch of speech, `ms` long; undefined: it gave no answer. */
  | {
      readonly type: 'user.heard';
      readonly lookId: string;
      readonly text: string | undefined;
      readonly ms: number;
      /** How sure it is of each piece of a word, 0 to 1. */
      readonly sure?: readonly number[];
    }
  | { readonly type: 'stt.committed'; readonly commitId: string; readonly text: string }
  /** Nothing more will be heard until the ears are back; open commits are lost. */
  | { readonly type: 'stt.failed' }
  | { readonly type: 'chat.received'; readonly text: string }
  | { readonly type: 'llm.text'; readonly replyId: string; readonly text: string }
  | {
      readonly type: 'llm.ended';
      readonly replyId: string;
      readonly reason: ReplyEnd;
      readonly toolUses: readonly ToolUse[];
    }
  | { readonly type: 'llm.failed'; readonly replyId: string }
  | {
      readonly type: 'tool.ended';
      readonly toolUseId: string;
      readonly content: string;
      readonly isError: boolean;
    }
  | { readonly type: 'task.finished'; readonly task: EndedTask }
  /** The first frame of an utterance was accepted by the room. */
  | { readonly type: 'speech.started'; readonly utteranceId: string }
  /** Another word was heard; `heard` is the utterance's whole heard text so far. */
  | { readonly type: 'speech.progress'; readonly utteranceId: string; readonly heard: string }
  /** The utterance is over: played out, cut, or its voice failed. Nothing more of it can become audible. */
  | {
      readonly type: 'speech.ended';
      readonly utteranceId: string;
      readonly heard: string;
      readonly outcome: 'complete' | 'cut' | 'failed';
    }
  | { readonly type: 'timer'; readonly name: TimerName };

/** `at`: milliseconds on the session's monotonic clock. */
export type TimedEvent = ConversationEvent & { readonly at: number };
