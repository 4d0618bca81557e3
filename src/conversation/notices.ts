import type { EndedTask, TimedEvent } from './event.ts';
import * as floors from './floor.ts';
import { spokenText } from './history.ts';
import { noticeText } from './noticeText.ts';
import { isSpoken } from './reply.ts';
import type { Scene } from './scene.ts';

type Notice = Extract<floors.Utterance, { kind: 'notice' }>;

/** A task has ended: its owner is told, through the floor. */
export function taskFinished(scene: Scene, task: EndedTask): void {
  queueNotice(scene, [task]);
  const { turn, reply, floor } = scene.state;
  const thinking =
    reply.status === 'owed' ||
    reply.status === 'drafting' ||
    (reply.status === 'streaming' && !isSpoken(reply.text));
  const userIsServedFirst = turn.status !== 'listening' || (thinking && floor.status === 'free');
  if (!userIsServedFirst) preempt(scene);
}

/** Cuts what we are saying ourselves at the next word, so that a waiting notice can be said. */
export function preempt(scene: Scene): void {
  const { floor } = scene.state;
  const waiting = floor.queue.some(({ kind }) => kind === 'notice');
  if (!waiting || floor.status !== 'speaking' || floor.utterance.kind === 'notice') return;
  scene.floor(floors.cut(floor, 'word'));
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

/** A notice is over: told, or to be told again. */
export function noticeEnded(
  scene: Scene,
  notice: Notice,
  ended: Extract<TimedEvent, { type: 'speech.ended' }>,
): void {
  const { heard, outcome } = ended;
  const told = outcome === 'complete' || heard.length >= keyWordsEnd(notice.text);
  if (!told && outcome === 'cut' && scene.state.phase === 'live') {
    queueNotice(scene, notice.tasks);
    return;
  }
  scene.remember(
    { kind: 'event', text: eventText(notice.tasks, scene.state.cutOff) },
    { kind: 'assistant', utteranceId: notice.id, text: notice.text, status: 'pending' },
  );
  scene.update({ cutOff: '' });
  if (told) scene.emit({ type: 'task.heard', jobIds: notice.tasks.map(({ jobId }) => jobId) });
}

/** An answer was cut for a notice: the model may offer to go on with the rest. */
export function rememberCutOff(scene: Scene, utteranceId: string, heard: string): void {
  const whole = spokenText(scene.state.history, utteranceId);
  scene.update({ cutOff: whole.slice(heard.length).trim() });
}

/** A notice's key words are its first sentence ("Your task '…' is ready."), its full stop apart. */
function keyWordsEnd(notice: string): number {
  const end = notice.search(/[.?!](\s|$)/);
  return end < 0 ? notice.length : end;
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
