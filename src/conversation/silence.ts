import { canBegin } from './canBegin.ts';
import { isSpoken } from './reply.ts';
import type { Scene } from './scene.ts';

/** Runs the silence timer exactly while the caller waits for us and hears nothing. */
export function watchSilence(scene: Scene): void {
  const { silence, reply } = scene.state;
  const owed = isAnswerOwed(scene);
  // Something of ours that comes to nothing before anybody hears it does not begin the wait anew.
  const since = silence.since ?? (owed ? scene.at : undefined);
  const running = owed && hasNothingToSay(scene);
  const toolSince = reply.status === 'tools' ? (silence.toolSince ?? scene.at) : undefined;
  const { toolSince: toolBefore, ...rest } = silence;
  const change = { since: hasEnded(scene) ? undefined : since, running };
  scene.update({ silence: { ...rest, ...change, ...(toolSince === undefined ? {} : { toolSince }) } });
  const toolChanged = (toolBefore === undefined) !== (toolSince === undefined);
  const mayDiffer = running && toolChanged && scene.options.lines.toolFillers !== undefined;
  if (running === silence.running && !mayDiffer) return;
  if (!running) {
    scene.emit({ type: 'timer.clear', name: 'silence' });
    return;
  }
  const { fillerAfterMs, stillWorkingAfterMs } = scene.options;
  const afterMs = silence.fillers === 0 ? fillerAfterMs : stillWorkingAfterMs;
  const waitedMs = since === undefined ? 0 : scene.at - since;
  const ms = Math.max(0, afterMs - waitedMs);
  scene.emit({ type: 'timer.set', name: 'silence', ms: Math.min(ms, untilToolFiller(scene)) });
}

/** The first filler of a wait may be the tool's own, and may come earlier: the caller waits for something that has a name. */
function toolFiller({ state, options }: Scene): string | undefined {
  const { reply, silence, history } = state;
  if (reply.status !== 'tools' || silence.fillers > 0) return undefined;
  const use = history.findLast((item) => item.kind === 'toolUse' && reply.pending.includes(item.use.id));
  return use?.kind === 'toolUse' ? options.lines.toolFillers?.[use.use.name] : undefined;
}

/** A second after the tool has begun, and after we were last heard. */
function untilToolFiller(scene: Scene): number {
  if (toolFiller(scene) === undefined) return Number.POSITIVE_INFINITY;
  const { since = scene.at, toolSince = scene.at } = scene.state.silence;
  return Math.max(0, Math.max(since, toolSince) + (scene.options.toolFillerAfterMs ?? 1_000) - scene.at);
}

/** A new turn: the wait for its answer begins, whatever was said while the last one was awaited. */
export function newWait(scene: Scene): void {
  if (scene.state.silence.running) scene.emit({ type: 'timer.clear', name: 'silence' });
  scene.update({ silence: { running: false, since: scene.at, fillers: 0 } });
}

/** The caller begins to wait now: something of ours that was heard has ended. */
export function waitBegins(scene: Scene): void {
  scene.update({ silence: { ...scene.state.silence, since: scene.at } });
}

/** The caller has waited long enough: something short is said, never the same twice running. */
export function breakSilence(scene: Scene): void {
  scene.update({ silence: { ...scene.state.silence, running: false } });
  const { silence, turnsEnded } = scene.state;
  if (!isAnswerOwed(scene) || !hasNothingToSay(scene)) return;
  const { fillers, stillWorking } = scene.options.lines;
  const lines = silence.fillers === 0 ? fillers : stillWorking;
  const usual = lines[(turnsEnded + silence.fillers) % Math.max(1, lines.length)];
  const line = toolFiller(scene) ?? usual;
  if (line === undefined) return;
  scene.update({ silence: { ...silence, fillers: silence.fillers + 1 } });
  scene.say(line);
}

/** An answer is on its way of which nothing can be heard yet. */
function isAnswerOwed({ state }: Scene): boolean {
  const { turn, reply, floor, away } = state;
  const answerComes =
    reply.status === 'owed' ||
    reply.status === 'tools' ||
    (reply.status === 'streaming' && !isSpoken(reply.text)) ||
    floor.queue.some((utterance) => !canBegin(state, utterance));
  return answerComes && turn.status === 'listening' && !away;
}

/** Nobody waits any more: the user speaks or is gone, or nothing of ours is to come. */
function hasEnded({ state: { turn, reply, floor, away } }: Scene): boolean {
  return away || turn.status !== 'listening' || (reply.status === 'idle' && floor.status === 'free');
}

/** A notice that lets the answer go first breaks no silence, nor does an answer without a first phrase. */
function hasNothingToSay({ state }: Scene): boolean {
  const { floor } = state;
  return (
    floor.status === 'free' &&
    floor.queue.every((utterance) => utterance.kind === 'notice' || !canBegin(state, utterance))
  );
}
