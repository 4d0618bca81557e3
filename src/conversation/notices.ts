import type { EndedTask, TimedEvent } from './event.ts';
import * as floors from './floor.ts';
import { spokenText } from './history.ts';
import { noticeText, toldBy } from './noticeText.ts';
import { isSpoken } from './reply.ts';
import type { Scene } from './scene.ts';

type Notice = Extract<floors.Utterance, { kind: 'notice' }>;

/** A task has ended: its owner is told, through the floor. */
export function taskFinished(scene: Scene, task: EndedTask): void {
  if (isKnown(scene, task)) return;
  queueNotice(scene, [task]);
  preempt(scene);
}

/** The user is served first: our answer is on its way, and goes before notices. */
export function answerGoesFirst({ state: { reply, floor } }: Scene): boolean {
  return (
    reply.status === 'owed' ||
    (reply.status === 'streaming' && !isSpoken(reply.text)) ||
    floor.queue.some(({ kind }) => kind === 'reply')
  );
}

/** Whoever leaves and comes back is reported what is still to be told, once more. */
function isKnown(scene: Scene, { jobId }: EndedTask): boolean {
  const { floor, told, unsaid } = scene.state;
  const current = floor.status === 'free' ? [] : [floor.utterance];
  const saying = [...current, ...floor.queue].flatMap((one) => (one.kind === 'notice' ? one.tasks : []));
  return told.includes(jobId) || [...saying, ...unsaid.tasks].some((task) => task.jobId === jobId);
}

/** How long until a notice that could not break in tries again, ms. */
const AGAIN_MS = 1_000;

/** Cuts what we are saying ourselves at the next word, so that a waiting notice can be said. */
export function preempt(scene: Scene): void {
  const { floor, turn } = scene.state;
  const waiting = floor.queue.some(({ kind }) => kind === 'notice');
  if (!waiting || floor.status !== 'speaking' || floor.utterance.kind === 'notice') return;
  // What could not be said in its place is no reason to cut anything.
  if (turn.status !== 'listening' || answerGoesFirst(scene)) {
    scene.emit({ type: 'timer.set', name: 'notice.patience', ms: AGAIN_MS });
  } else {
    scene.floor(floors.cut(floor, 'word'));
  }
}

/** Notices that wait are told together, as one. */
function queueNotice(scene: Scene, tasks: readonly EndedTask[]): void {
  const waiting = scene.state.floor.queue.filter(
    (utterance): utterance is Notice => utterance.kind === 'notice',
  );
  scene.floor(floors.dropQueued(scene.state.floor, ({ kind }) => kind === 'notice'));
  const all = [...waiting.flatMap((notice) => notice.tasks), ...tasks];
  const text = noticeText(all);
  scene.prepare({ id: scene.nextLine(), kind: 'notice', tasks: all, text }, text);
}

/**
 * More of a notice was heard. What it has told to its key words is told from this moment on, whatever becomes of the rest, or
 * of us.
 */
export function noticeHeard(scene: Scene, utteranceId: string, heard: string): void {
  const { floor } = scene.state;
  if (floor.status === 'free' || floor.utterance.id !== utteranceId || floor.utterance.kind !== 'notice')
    return;
  countAsTold(scene, toldBy(heard, floor.utterance.tasks));
}

/** Once for each task. */
function countAsTold(scene: Scene, tasks: readonly EndedTask[]): void {
  const { told } = scene.state;
  const jobIds = tasks.map(({ jobId }) => jobId).filter((jobId) => !told.includes(jobId));
  if (jobIds.length === 0) return;
  scene.update({ told: [...told, ...jobIds], unsaid: { ...scene.state.unsaid, tries: 0 } });
  scene.emit({ type: 'task.heard', jobIds });
}

/** A notice is over: what of it was told is history, and the rest is to be told again. */
export function noticeEnded(
  scene: Scene,
  notice: Notice,
  { heard, outcome }: Extract<TimedEvent, { type: 'speech.ended' }>,
): void {
  countAsTold(scene, outcome === 'complete' ? notice.tasks : toldBy(heard, notice.tasks));
  const told = notice.tasks.filter(({ jobId }) => scene.state.told.includes(jobId));
  const rest = notice.tasks.filter((task) => !told.includes(task));
  if (told.length > 0) {
    scene.remember(
      { kind: 'event', text: eventText(told, scene.state.cutOff) },
      { kind: 'assistant', utteranceId: notice.id, text: notice.text, status: 'pending' },
    );
    scene.update({ cutOff: '' });
  }
  if (rest.length === 0 || notice.isForgotten || scene.state.phase !== 'live') return;
  if (outcome === 'cut') queueNotice(scene, rest);
  else putOff(scene, rest);
}

/** A voice that has failed just now fails again: it is given time, each time twice as much, ms. */
const FIRST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_MS = 60_000;

function putOff(scene: Scene, rest: readonly EndedTask[]): void {
  const { tasks, tries } = scene.state.unsaid;
  scene.update({ unsaid: { tasks: [...tasks, ...rest], tries: tries + 1 } });
  const ms = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
  scene.emit({ type: 'timer.set', name: 'notice.again', ms });
}

/** What the voice could not speak is tried once more. */
export function tellAgain(scene: Scene): void {
  const { tasks } = scene.state.unsaid;
  if (tasks.length === 0) return;
  scene.update({ unsaid: { ...scene.state.unsaid, tasks: [] } });
  queueNotice(scene, tasks);
  preempt(scene);
}

/** An answer was cut for a notice: the model may offer to go on with the rest. */
export function rememberCutOff(scene: Scene, utteranceId: string, heard: string): void {
  const whole = spokenText(scene.state.history, utteranceId);
  scene.update({ cutOff: whole.slice(heard.length).trim() });
}

/** Longest rest of a cut answer that the model is reminded of, characters. */
const LONGEST_REST = 600;

function eventText(tasks: readonly EndedTask[], cutOff: string): string {
  const news = tasks.map(
    ({ description, jobId, status }) =>
      `The background task "${description}" (job id ${jobId}) is ${status}.`,
  );
  const rest =
    cutOff === ''
      ? ''
      : ` This cut off what you were saying; its unspoken rest was: "${cutOff.slice(0, LONGEST_REST)}". ` +
        'When the caller has dealt with the news, offer to go on with it.';
  return `${news.join(' ')} The caller was told so in the words that follow.${rest}`;
}
