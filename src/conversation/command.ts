import type { ChatMessage, ToolUse } from './message.ts';
import type { TimerName } from './timerName.ts';

/** What the core asks the session to do. Commands of one step are executed in order. */
export type Command =
  | { readonly type: 'stt.commit'; readonly commitId: string }
  /** Asks the local recogniser for the words of the current stretch of speech; `ended` when it is complete. */
  | { readonly type: 'ears.look'; readonly lookId: string; readonly ended: boolean }
  | {
      readonly type: 'llm.start';
      readonly replyId: string;
      /** Asked before the turn is certain; it is cancelled without a trace when the words turn out different. */
      readonly draft: boolean;
      readonly messages: readonly ChatMessage[];
      /** False when the model has called tools often enough and has to answer in words. */
      readonly mayUseTools: boolean;
    }
  | { readonly type: 'llm.cancel'; readonly replyId: string }
  /** `turn` counts the user's turns; the ledger of side effects is keyed by it. */
  | { readonly type: 'tool.run'; readonly use: ToolUse; readonly turn: number }
  /** Begins to synthesise an utterance; nothing is audible before `speech.play`. */
  | { readonly type: 'speech.begin'; readonly utteranceId: string }
  | { readonly type: 'speech.text'; readonly utteranceId: string; readonly text: string }
  | { readonly type: 'speech.end'; readonly utteranceId: string }
  | { readonly type: 'speech.play'; readonly utteranceId: string }
  /** Quieter by 12 dB, still going; and back to full volume. */
  | { readonly type: 'speech.duck' }
  | { readonly type: 'speech.restore' }
  /** Silent at once, without losing a sample. */
  | { readonly type: 'speech.hold'; readonly utteranceId: string }
  | { readonly type: 'speech.resume'; readonly utteranceId: string }
  /** `word`: at the next word boundary, at most 300 ms away. Answered by `speech.ended`, also for what never played. */
  | { readonly type: 'speech.cut'; readonly utteranceId: string; readonly when: 'now' | 'word' }
  | { readonly type: 'timer.set'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'timer.clear'; readonly name: TimerName }
  /** Our goodbye was said: the room is to be left. */
  | { readonly type: 'call.leave' }
  /** The notice of these tasks was heard to its key words; it never has to be told again. */
  | { readonly type: 'task.heard'; readonly jobIds: readonly string[] }
  | { readonly type: 'publish.state'; readonly state: 'listening' | 'thinking' | 'speaking' }
  | {
      readonly type: 'publish.transcript';
      readonly speaker: 'user' | 'agent';
      readonly segmentId: string;
      readonly text: string;
      readonly final: boolean;
    };
