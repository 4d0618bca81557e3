import { isAddressed } from './addressed.ts';
import { toMessages } from './history.ts';
import { PATIENCE_MS, patience } from './patience.ts';
import { isSpoken, startDraft } from './reply.ts';
import { sameWords } from './sameWords.ts';
import type { Scene } from './scene.ts';
import type { TurnState } from './turn.ts';
import { utteranceOf } from './utteranceOf.ts';
import { wordsOf } from './wordsOf.ts';

/** The user fell silent: the local recogniser may know the words before the vendor does. */
export function lookForDraft(scene: Scene): void {
  if (!isStretchUnheard(scene.state.turn) || !mayDraft(scene)) return;
  const draftLooks = scene.state.draftLooks + 1;
  const lookId = `draft-${draftLooks}`;
  scene.update({ draftLook: lookId, draftLooks });
  scene.emit({ type: 'ears.look', lookId, ended: true });
}

/** The local words of the last stretch are there. */
export function draftFromLook(scene: Scene, lookId: string, text: string | undefined): void {
  const { turn, draftLook } = scene.state;
  if (lookId !== draftLook) return;
  scene.update({ draftLook: undefined });
  if (!isStretchUnheard(turn) || !text) return;
  begin(scene, wordsOf({ ...turn, segments: [...turn.segments, text] }).text);
}

/** The vendor's words are there, and the turn may still go on. */
export function draftFromWords(scene: Scene, text: string): void {
  const { reply } = scene.state;
  if (reply.status === 'drafting') {
    if (sameWords(reply.userText, text)) return;
    dropDraft(scene);
  }
  begin(scene, text);
}

/** The user goes on: the draft is dropped, and so is a look that could begin one. */
export function forgetDraft(scene: Scene): void {
  scene.update({ draftLook: undefined });
  dropDraft(scene);
}

/** The words turned out different, or the user goes on: nothing of the draft remains. */
export function dropDraft(scene: Scene): void {
  const { reply } = scene.state;
  if (reply.status !== 'drafting') return;
  const { replyId, replies, text, ended } = reply;
  if (!ended) scene.emit({ type: 'llm.cancel', replyId });
  if (isSpoken(text)) scene.emit({ type: 'speech.cut', utteranceId: utteranceOf(replyId), when: 'now' });
  scene.update({ reply: { status: 'idle', replies } });
}

/** Whether the vendor's words are there for all but the last stretch of speech, and not for that. */
function isStretchUnheard(turn: TurnState): turn is Extract<TurnState, { status: 'pausing' }> {
  return turn.status === 'pausing' && turn.awaiting.length === (turn.asked ? 1 : 0);
}

function begin(scene: Scene, text: string): void {
  const { turn, history, ours } = scene.state;
  if (turn.status !== 'pausing' || !mayDraft(scene) || !isAddressed(text, ours.text)) return;
  // Words that trail off will not be the last.
  if (patience(text) > PATIENCE_MS.unmarked) return;
  const draft = startDraft(scene.state.reply, text);
  scene.update({ reply: draft });
  scene.emit({
    type: 'llm.start',
    replyId: draft.replyId,
    draft: true,
    messages: toMessages([...history, { kind: 'user', text }]),
    mayUseTools: true,
  });
}

function mayDraft(scene: Scene): boolean {
  const { reply, floor, overlap } = scene.state;
  return reply.status === 'idle' && floor.status === 'free' && overlap.status === 'none';
}
