import { callerIsBack, callerLeft } from './absence.ts';
import { replySignal, startOwedReply, turnEnded } from './answering.ts';
import { canBegin } from './canBegin.ts';
import type { Command } from './command.ts';
import { draftFromLook, draftFromWords, dropDraft, forgetDraft, lookForDraft } from './drafting.ts';
import type { TimedEvent } from './event.ts';
import * as floors from './floor.ts';
import { settleSpoken } from './history.ts';
import {
  answerGoesFirst,
  noticeEnded,
  noticeHeard,
  preempt,
  rememberCutOff,
  taskFinished,
  tellAgain,
} from './notices.ts';
import type { ConversationOptions } from './options.ts';
import { isBeingHeard } from './overlap.ts';
import {
  firstWordsOverUs,
  goOn,
  overlapEnds,
  overlapEvent,
  userMaySpeak,
  userTookFloor,
  wordsOverUs,
} from './overlapping.ts';
import { stepReply } from './reply.ts';
import { resumeCall } from './resumeCall.ts';
import { Scene } from './scene.ts';
import { breakSilence, waitBegins, watchSilence } from './silence.ts';
import type { ConversationState } from './state.ts';
import { stepTurn, type TurnSignal } from './turn.ts';
import type { Words } from './wordsOf.ts';

/**
 * The conversation core: what happens next, given what has happened. Pure: no clock, no I/O; the same state and event
 * always give the same state and commands, which is what replay and simulation stand on.
 */
export function step(
  state: ConversationState,
  event: TimedEvent,
  options: ConversationOptions,
): readonly [ConversationState, readonly Command[]] {
  const scene = new Scene(state, options, event.at);
  if (state.phase === 'over') {
    // Only what was heard before the hang-up still counts.
    if (event.type === 'speech.ended') speechEnded(scene, event, state.floor);
    return [scene.state, scene.commands.filter(({ type }) => type === 'task.heard')];
  }
  if (event.type === 'call.ended') endCall(scene);
  else advance(scene, event);
  return [scene.state, scene.commands];
}

function advance(scene: Scene, event: TimedEvent): void {
  const isPauseOverUs =
    scene.state.overlap.status !== 'none' && (event.type === 'user.pausing' || event.type === 'user.wentOn');
  // What is said over us is judged stretch by stretch, by full pauses only.
  const turn = isPauseOverUs
    ? { turn: scene.state.turn, commands: [], signals: [] }
    : stepTurn(scene.state.turn, event, scene.options);
  if (turn.turn !== scene.state.turn) scene.update({ turn: turn.turn });
  scene.emit(...turn.commands);
  overlapEvent(scene, event);
  const floorBefore = scene.state.floor;
  scene.floor(floors.stepFloor(floorBefore, event));
  const reply = stepReply(scene.state.reply, event);
  if (reply.reply !== scene.state.reply) scene.update({ reply: reply.reply });

  turnSignals(scene, turn.signals, event);
  for (const signal of reply.signals) replySignal(scene, signal);
  happened(scene, event, floorBefore);
  if (scene.state.phase === 'live') settle(scene);
}

function turnSignals(scene: Scene, signals: readonly TurnSignal[], event: TimedEvent): void {
  for (const signal of signals) {
    switch (signal.type) {
      case 'userTookFloor':
        userTookFloor(scene, event);
        break;
      case 'turnPaused':
        lookForDraft(scene);
        break;
      case 'turnResumed':
        forgetDraft(scene);
        break;
      case 'turnPartlyHeard':
        firstWordsOverUs(scene, signal.text.slice(signal.late.length).trim());
        break;
      case 'turnHeard':
        // What was not meant for us needs no end.
        if (!areForUs(scene, signal)) return;
        draftFromWords(scene, signal.text);
        break;
      case 'turnDropped':
        dropDraft(scene);
        // Ears that are away find no words in a "stop": where the local ones are still listening, they decide.
        if (isBeingHeard(scene.state.overlap)) break;
        overlapEnds(scene);
        goOn(scene);
        break;
      case 'turnEnded':
        if (signal.via === 'speech' && !areForUs(scene, signal)) return;
        turnEnded(scene, signal, signal.via);
        break;
    }
  }
}

/** Whether a turn is one for us. Where it is not, words that were said before it and came late are still answered. */
function areForUs(scene: Scene, { text, late }: Words): boolean {
  if (wordsOverUs(scene, text.slice(late.length).trim())) return true;
  if (late !== '') turnEnded(scene, { text: late, late }, 'speech');
  return false;
}

function happened(scene: Scene, event: TimedEvent, floorBefore: floors.FloorState): void {
  switch (event.type) {
    case 'call.joined':
      if (scene.state.phase !== 'joining') {
        callerIsBack(scene, event.isOther ?? false);
        break;
      }
      scene.update({ phase: 'live' });
      if (event.resumed) {
        resumeCall(scene, event.resumed);
        break;
      }
      scene.remember({ kind: 'event', text: 'The caller has joined the call.' });
      scene.say(scene.options.greeting);
      break;
    case 'call.left':
      callerLeft(scene);
      break;
    case 'call.remark':
      scene.say(event.text);
      break;
    case 'call.closing':
      sayGoodbye(scene, event.text);
      break;
    case 'user.maySpeak':
    case 'user.saidNothing':
      userMaySpeak(scene, event);
      break;
    case 'user.heard':
      draftFromLook(scene, event.lookId, event.text);
      break;
    case 'stt.failed':
      scene.say(scene.options.lines.cannotHear);
      break;
    case 'task.finished':
      taskFinished(scene, event.task);
      break;
    case 'timer':
      if (event.name === 'notice.patience') preempt(scene);
      if (event.name === 'notice.again') tellAgain(scene);
      if (event.name === 'silence') breakSilence(scene);
      break;
    case 'speech.started':
      if (floorBefore.status === 'speaking' && floorBefore.utterance.kind === 'reply') {
        scene.update({ silence: { ...scene.state.silence, fillers: 0 } });
      }
      break;
    case 'speech.progress':
      noticeHeard(scene, event.utteranceId, event.heard);
      scene.agentTranscript(event.utteranceId, event.heard, false);
      break;
    case 'speech.ended':
      speechEnded(scene, event, floorBefore);
      break;
    default:
      break;
  }
}

function speechEnded(
  scene: Scene,
  event: Extract<TimedEvent, { type: 'speech.ended' }>,
  before: floors.FloorState,
): void {
  const { utteranceId, heard, outcome } = event;
  const current =
    before.status !== 'free' && before.utterance.id === utteranceId ? before.utterance : undefined;
  if (current) {
    overlapEnds(scene);
    const forNotice = before.status === 'cutting' && before.queue.some(({ kind }) => kind === 'notice');
    if (current.kind === 'reply' && outcome === 'cut' && forNotice) rememberCutOff(scene, utteranceId, heard);
    if (current.kind === 'notice') noticeEnded(scene, current, event);
  }
  scene.update({ history: settleSpoken(scene.state.history, utteranceId, heard) });
  if (utteranceId === scene.state.goodbye) scene.emit({ type: 'call.leave' });
  if (heard.trim() === '') return;
  waitBegins(scene);
  scene.agentTranscript(utteranceId, heard, true);
  scene.update({ ours: { text: heard.trim(), endedAt: event.at } });
}

/** What follows from the state alone: who gets the floor, whether the model is asked, what the room is told. */
function settle(scene: Scene): void {
  startOwedReply(scene);
  grantFloor(scene);
  watchSilence(scene);
  publishState(scene);
}

function grantFloor(scene: Scene): void {
  const { floor, turn, away } = scene.state;
  if (turn.status !== 'listening' || away) return;
  const answerFirst = answerGoesFirst(scene);
  const granted = floors.grant(floor, (utterance) =>
    utterance.kind === 'notice' ? !answerFirst : canBegin(scene.state, utterance),
  );
  scene.floor(granted);
  const { floor: now } = scene.state;
  if (granted.commands.length === 0 || now.status !== 'speaking' || now.utterance.kind === 'notice') return;
  if (now.queue.some(({ kind }) => kind === 'notice')) {
    scene.emit({ type: 'timer.set', name: 'notice.patience', ms: scene.options.noticePatienceMs });
  }
}

function publishState(scene: Scene): void {
  const { floor, reply, turn, published } = scene.state;
  const audible = (floor.status === 'speaking' || floor.status === 'cutting') && floor.audible;
  // From the user's last word to our first: also while the voice of the answer is being made.
  const answerIsMade =
    (floor.status === 'speaking' && floor.utterance.kind === 'reply') ||
    floor.queue.some(({ kind }) => kind === 'reply');
  const thinking = turn.status === 'listening' && (reply.status !== 'idle' || answerIsMade);
  const state = audible ? 'speaking' : thinking ? 'thinking' : 'listening';
  if (state === published) return;
  scene.update({ published: state });
  scene.emit({ type: 'publish.state', state });
}

/** Our last words: what we were saying or about to say gives way to them. */
function sayGoodbye(scene: Scene, text: string): void {
  if (scene.state.goodbye !== undefined) return;
  const { reply } = scene.state;
  dropDraft(scene);
  if (reply.status === 'streaming') scene.emit({ type: 'llm.cancel', replyId: reply.replyId });
  // Tools that run are never abandoned; nobody will hear of their results in this call.
  if (reply.status === 'streaming' || reply.status === 'owed') {
    scene.update({ reply: { status: 'idle', replies: reply.replies } });
  }
  scene.floor(floors.dropQueued(scene.state.floor, () => true));
  scene.floor(floors.cut(scene.state.floor, 'word'));
  const goodbye = scene.say(text);
  if (goodbye === undefined) scene.emit({ type: 'call.leave' });
  scene.update({ goodbye });
}

/** Hang-up: everything that runs is told to stop, except side effects that have begun. */
function endCall(scene: Scene): void {
  const { reply } = scene.state;
  dropDraft(scene);
  if (reply.status === 'streaming') scene.emit({ type: 'llm.cancel', replyId: reply.replyId });
  scene.floor(floors.dropQueued(scene.state.floor, () => true));
  scene.floor(floors.cut(scene.state.floor, 'now'));
  for (const name of [
    'turn.endpoint',
    'turn.commit',
    'overlap.look',
    'silence',
    'notice.patience',
  ] as const) {
    scene.emit({ type: 'timer.clear', name });
  }
  if (scene.state.unsaid.tasks.length > 0) scene.emit({ type: 'timer.clear', name: 'notice.again' });
  scene.update({ phase: 'over' });
}
