import type { ChatMessage, ToolUse } from './message.ts';
import type { TimerName } from './timerName.ts';

/** What the core asks the session to do. Commands of one step are executed in order. */
export type Command =
  | { readonly type: 'stt.commit'; readonly commitId: string }
  | {
      readonly type: 'llm.start';
      readonly replyId: string;
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
  /** Silent at once, without losing a sample. */
  | { readonly type: 'speech.hold'; readonly utteranceId: string }
  | { readonly type: 'speech.resume'; readonly utteranceId: string }
  /** `word`: at the next word boundary, at most 300 ms away. Answered by `speech.ended`, also for what never played. */
  | { readonly type: 'speech.cut'; readonly utteranceId: string; readonly when: 'now' | 'word' }
  | { readonly type: 'timer.set'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'timer.clear'; readonly name: TimerName }
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
