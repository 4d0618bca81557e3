import { isRecord } from '../isRecord.ts';
import { call, type PlannedReply } from '../plannedReply.ts';
import { wantsRepetition } from './intents.ts';
import { type Job, jobMeant, jobsMentioned } from './jobs.ts';
import { knowsParts, lastRead, readResult } from './readResult.ts';
import type { Scene } from './scene.ts';

const WORK =
  'task|job|plan|report|essay|research|analysis|document|paper|study|work|summary|it|that|this|them';
const CANCEL = new RegExp(
  `.*\\b(?:cancel|abort|call off|scrap|drop|forget about|(?:dont|do not) (?:need|want))\\b((?: \\w+)*? ?\\b(?:${WORK}|one)s?\\b.*|$)`,
);
const RETRY =
  /\b(?:try|run|do|start)\b(.*)\b(?:again|once more|another time)\b|\b(?:re ?run|retry|redo|restart)\b(.*)/;
const REFINE =
  /^(?:(?:yes|ok|can|could|would|will|you|please|now|i|want|like|to|and|but) )*(?:(?:make|turn|change|rewrite|shorten|expand|translate|revise|improve|keep) (?:it|that|this|the (?:\w+ ){0,3}?(?:plan|report|essay|document|text|paper|analysis))\b|add (?:a|an|the|some|more|in|to)\b|leave out\b|put in\b)/;
const SECTION =
  /\b(?:the |a )?((?:\w+ ){1,3}?)(?:part|section|chapter)\b(?: (?:about|on|of|with) (.+))?|\b(?:section|part|chapter) (?:number )?(\w+)$/;
const UNTELLING = new Set(
  'read me the a an to hear go skip jump tell about please next other that this what does say in from with can you i want now and of which'.split(
    ' ',
  ),
);

/** What the caller wants done with their tasks, beyond starting one and asking how it is. */
export function taskWish(said: string, folded: string, scene: Scene): PlannedReply | undefined {
  return (
    whichOne(folded, scene) ??
    cancellation(folded, scene) ??
    again(folded, scene) ??
    refinement(said, folded, scene) ??
    part(folded, scene) ??
    repetition(folded, scene)
  );
}

/** Which task the tool was to work on, after it had asked. */
function whichOne(folded: string, { items }: Scene): PlannedReply | undefined {
  const last = items.findLast((item) => item.kind === 'call' || item.kind === 'result');
  if (last?.kind !== 'result' || !/may mean several tasks/.test(last.text) || !isRecord(last.input))
    return undefined;
  if (folded.split(' ').length > 8) return undefined;
  return call(last.name, { ...last.input, job_id: folded.replace(/^(the|i mean|my)\b ?/g, '') });
}

function cancellation(folded: string, scene: Scene): PlannedReply | undefined {
  // After "cancel" it is a task, whatever the recogniser made of its name.
  const match = CANCEL.exec(folded) ?? /.*\b(?:cancel|abort|call off)\b(.*)/.exec(folded);
  if (!match || !scene.tools.has('cancel_task')) return undefined;
  const jobs = jobsMentioned(scene.items);
  if (jobs.length === 0 && !/\b(task|job)s?\b/.test(folded)) return undefined;
  const running = jobs.filter((job) => !job.isFinished && !job.hasFailed);
  const name = nameIn(match[1] ?? '');
  const id = name === undefined ? (running.at(-1) ?? jobs.at(-1))?.id : name;
  return id === undefined && !/\b(task|job)s?\b/.test(folded)
    ? undefined
    : call('cancel_task', { job_id: id ?? 'the task' });
}

function again(folded: string, scene: Scene): PlannedReply | undefined {
  const match = RETRY.exec(folded);
  if (!match || !scene.tools.has('retry_task') || /\b(say|read|repeat|tell)\b/.test(folded)) return undefined;
  const name = nameIn(match[1] ?? match[2] ?? '');
  return name === undefined ? retryFailed(scene) : call('retry_task', { job_id: name });
}

/** Runs the task that failed last once more, if there is one. */
export function retryFailed({ items, tools }: Scene): PlannedReply | undefined {
  const failed = jobsMentioned(items).findLast((job) => job.hasFailed);
  return failed && tools.has('retry_task')
    ? call('retry_task', { job_id: failed.id }, 'I will try again.')
    : undefined;
}

function refinement(said: string, folded: string, scene: Scene): PlannedReply | undefined {
  if (!scene.tools.has('refine_task') || !REFINE.test(folded)) return undefined;
  const job = finished(folded, scene);
  if (job === undefined) return undefined;
  return call('refine_task', { job_id: job, changes: said.trim() }, 'Sure, I will have that changed.');
}

function part(folded: string, scene: Scene): PlannedReply | undefined {
  const match = SECTION.exec(folded);
  if (!match || !knowsParts(scene)) return undefined;
  const name = [match[1], match[2], match[3]]
    .flatMap((words) => words?.trim().split(' ') ?? [])
    .filter((word) => word !== '' && !UNTELLING.has(word))
    .join(' ');
  const job = lastRead(scene) ?? finished(folded, scene);
  if (job === undefined) return undefined;
  return readResult(job, name || 'next', scene);
}

/** What was read last is read again by the tool, which knows all of it, also when it was not heard to its end. */
function repetition(folded: string, scene: Scene): PlannedReply | undefined {
  const { items } = scene;
  if (!wantsRepetition(folded) || !knowsParts(scene)) return undefined;
  const callers = items.flatMap((item, index) => (item.kind === 'caller' ? [index] : []));
  const asked = items.findLastIndex((item) => item.kind === 'call' && item.name === 'get_task_result');
  const job = lastRead(scene);
  return job !== undefined && asked > (callers.at(-2) ?? -1) ? readResult(job, 'repeat', scene) : undefined;
}

function finished(folded: string, { items }: Scene): string | undefined {
  const meant: Job | undefined = jobMeant(items, folded);
  return meant?.isFinished ? meant.id : jobsMentioned(items).findLast((job) => job.isFinished)?.id;
}

/** The words that name a task, or nothing when they are "it" and the like. */
function nameIn(words: string): string | undefined {
  const name = words
    .split(' ')
    .filter(
      (word) =>
        word !== '' &&
        !/^(it|that|this|them|the|my|our|a|one|task|job|please|now|again|for|me|any ?more|anymore|more)$/.test(
          word,
        ),
    )
    .join(' ');
  return name === '' ? undefined : name;
}
