import { type PlannedReply, say } from '../plannedReply.ts';
import type { MessagesRequest } from '../wire.ts';
import { answerCaller } from './answerCaller.ts';
import { answerEvent } from './answerEvent.ts';
import { fold } from './fold.ts';
import { wantsReading } from './intents.ts';
import { jobMeant } from './jobs.ts';
import { speakCancellation, speakNewJob } from './jobTalk.ts';
import { orderOutsideMarks } from './orders.ts';
import { speakOwnTool } from './ownTools.ts';
import { readResult } from './readResult.ts';
import type { Scene } from './scene.ts';
import { speakResult, speakStatus, speakSubmission } from './taskTalk.ts';
import { type Item, latest, transcript } from './transcript.ts';

/** What the program adds when the last word was the agent's and something is still to be answered. */
const GO_ON = /^go on\b/i;

/** A sensible next reply of a phone conversation, by rules alone: a pure function of messages and tools. */
export function planReply(request: Pick<MessagesRequest, 'messages' | 'tools'>): PlannedReply {
  const tools = new Map(request.tools.map((tool) => [tool.name, tool]));
  return planFor({ items: transcript(request.messages), tools });
}

function planFor(scene: Scene): PlannedReply {
  const fresh = latest(scene.items);
  const said = fresh.flatMap((item) => (item.kind === 'caller' ? [item.text] : [])).join(' ');
  if (said !== '') return answerCaller(said, scene);
  const results = fresh.filter((item) => item.kind === 'result');
  if (results.length > 0) return afterTools(results, scene);
  const event = fresh.findLast((item) => item.kind === 'event');
  if (!event) return say('I am here. What can I do for you?');
  const open = scene.items.findLastIndex((item) => item.kind === 'caller' || item.kind === 'result');
  if (GO_ON.test(event.text) && open >= 0)
    return planFor({ ...scene, items: scene.items.slice(0, open + 1) });
  return say(answerEvent(event.text));
}

function afterTools(results: readonly Extract<Item, { kind: 'result' }>[], scene: Scene): PlannedReply {
  const { items, tools } = scene;
  for (const { text } of results) {
    const order = orderOutsideMarks(text, tools);
    if (order) return order;
  }
  const asked = items.findLast((item) => item.kind === 'caller');
  const wanted = asked?.kind === 'caller' ? fold(asked.text) : '';
  for (const result of results) {
    // The status was only asked for to find out what there is to read.
    if (result.name !== 'check_task_status' || !wantsReading(wanted) || !tools.has('get_task_result'))
      continue;
    const job = jobMeant([result], wanted);
    if (job?.isFinished) return readResult(job.id, 'summary', scene);
  }
  return say(results.map(speak).join(' '));
}

function speak(result: Extract<Item, { kind: 'result' }>): string {
  switch (result.name) {
    case 'submit_batch_task':
      return speakSubmission(result);
    case 'check_task_status':
      return speakStatus(result);
    case 'get_task_result':
      return speakResult(result);
    case 'cancel_task':
      return speakCancellation(result);
    case 'retry_task':
    case 'refine_task':
      return speakNewJob(result);
    default:
      return speakOwnTool(result);
  }
}
