import { isAddressed } from './addressed.ts';
import { consistsOf } from './consistsOf.ts';
import { dropDraft } from './drafting.ts';
import * as floors from './floor.ts';
import { appendSpoken, settleSpoken, toMessages } from './history.ts';
import { ourWords } from './ourWords.ts';
import { isBackchannel } from './overlap/isBackchannel.ts';
import { judgeOverlap } from './overlap/judgeOverlap.ts';
import { adoptDraft, isSpoken, oweReply, type ReplySignal, type ReplyState, startReply } from './reply.ts';
import { sameWords } from './sameWords.ts';
import type { Scene } from './scene.ts';
import { newWait } from './silence.ts';
import { utteranceOf } from './utteranceOf.ts';
import type { Words } from './wordsOf.ts';

/** A turn has ended with these words: they are answered, unless they want no answer. */
export function turnEnded(scene: Scene, turn: Words, via: 'speech' | 'chat'): void {
  // What was said before and came late may be all of it that is for us.
  const text = [turn.text, turn.late].find((words) => via === 'chat' || wantsAnswer(scene, words));
  if (text === undefined) {
    dropDraft(scene);
    return;
  }
  scene.update({ turnsEnded: scene.state.turnsEnded + 1, cutOff: '' });
  newWait(scene);
  const { reply } = scene.state;
  if (reply.status === 'drafting' && via === 'speech' && sameWords(reply.userText, text)) {
    adopt(scene, reply, text);
    return;
  }
  dropDraft(scene);
  supersede(scene);
  scene.update({ reply: oweReply(scene.state.reply) });
  scene.remember({ kind: 'user', text });
}

/** Hesitations, hums, our own echo, and a "yeah" into our thinking are no turns. */
function wantsAnswer(scene: Scene, text: string): boolean {
  const { reply, ours } = scene.state;
  if (!isAddressed(text, ours.text)) return false;
  const hearing = { text, ms: 1_000, speech: 'ended', from: 'vendor' } as const;
  const echo = ourWords(scene.state);
  if (echo !== '' && consistsOf(text, echo) && judgeOverlap({ ...hearing, ours: echo }) === 'echo')
    return false;
  const weThink = reply.status === 'owed' || reply.status === 'streaming' || reply.status === 'tools';
  if (!weThink) return true;
  // Nobody speaks, so that any other word is one for us: "in Boston".
  return !isBackchannel(text);
}

/** New words of the user supersede whatever we were saying or about to say, notices excepted. */
function supersede(scene: Scene): void {
  const { reply } = scene.state;
  if (reply.status === 'streaming') scene.emit({ type: 'llm.cancel', replyId: reply.replyId });
  scene.floor(floors.cut(scene.state.floor, 'now'));
  const unheard = scene.state.floor.queue.filter(({ kind }) => kind !== 'notice');
  scene.floor(floors.dropQueued(scene.state.floor, ({ kind }) => kind !== 'notice'));
  // The next request is built before their end is reported, and must not have them as said.
  for (const { id } of unheard) scene.update({ history: settleSpoken(scene.state.history, id, '') });
}

function adopt(scene: Scene, draft: Extract<ReplyState, { status: 'drafting' }>, text: string): void {
  const utteranceId = utteranceOf(draft.replyId);
  scene.remember({ kind: 'user', text });
  if (isSpoken(draft.text)) {
    scene.update({
      floor: floors.enqueue(scene.state.floor, { id: utteranceId, kind: 'reply' }),
      history: appendSpoken(scene.state.history, utteranceId, draft.text),
    });
  }
  const { reply, signals } = adoptDraft(draft);
  scene.update({ reply });
  for (const signal of signals) replySignal(scene, signal);
}

export function replySignal(scene: Scene, signal: ReplySignal): void {
  switch (signal.type) {
    case 'replyText':
      replyText(scene, signal);
      break;
    case 'draftEnded': {
      const { reply } = scene.state;
      if (reply.status === 'drafting' && isSpoken(reply.text)) {
        scene.emit({ type: 'speech.end', utteranceId: utteranceOf(signal.replyId) });
      }
      break;
    }
    case 'replyEnded':
      if (signal.outcome === 'spoken') endReply(scene, signal.replyId);
      // Silence is never the answer unless the model means it: a refusal or an empty reply is owned up to.
      else if (signal.outcome === 'empty' && signal.reason !== 'toolUse') {
        scene.say(scene.options.lines.notUnderstood);
      }
      break;
    case 'replyFailed':
      if (signal.spoken) endReply(scene, signal.replyId);
      scene.say(scene.options.lines.modelFailed);
      break;
    case 'toolsCalled':
      scene.remember(...signal.uses.map((use) => ({ kind: 'toolUse', use }) as const));
      for (const use of signal.uses) scene.emit({ type: 'tool.run', use, turn: scene.state.turnsEnded });
      break;
    case 'toolAnswered': {
      const { type: _, ...result } = signal;
      scene.remember({ kind: 'toolResult', ...result });
      break;
    }
  }
}

function replyText(scene: Scene, signal: Extract<ReplySignal, { type: 'replyText' }>): void {
  const { text, first, draft } = signal;
  const utteranceId = utteranceOf(signal.replyId);
  if (first) scene.emit({ type: 'speech.begin', utteranceId });
  if (!draft) {
    if (first) scene.update({ floor: floors.enqueue(scene.state.floor, { id: utteranceId, kind: 'reply' }) });
    // Cut by a notice: the model goes on (it may be about to call a tool), but nobody will hear these words.
    else if (!floors.isLive(scene.state.floor, utteranceId)) {
      scene.update({ cutOff: scene.state.cutOff + text });
      return;
    }
    scene.update({ history: appendSpoken(scene.state.history, utteranceId, text) });
  }
  scene.emit({ type: 'speech.text', utteranceId, text });
}

function endReply(scene: Scene, replyId: string): void {
  const utteranceId = utteranceOf(replyId);
  if (floors.isLive(scene.state.floor, utteranceId)) scene.emit({ type: 'speech.end', utteranceId });
}

/** Asks the model once the user is silent and what was heard of a cut utterance is in history. */
export function startOwedReply(scene: Scene): void {
  const { reply, turn, floor, history } = scene.state;
  if (reply.status !== 'owed' || turn.status !== 'listening') return;
  if (floor.status === 'cutting' && floor.utterance.kind !== 'notice') return;
  const streaming = startReply(reply);
  scene.update({ reply: streaming });
  scene.emit({
    type: 'llm.start',
    replyId: streaming.replyId,
    draft: false,
    messages: toMessages(history),
    mayUseTools: reply.round < scene.options.maxToolRounds,
  });
}
