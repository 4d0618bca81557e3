import { call, type PlannedReply, say } from '../plannedReply.ts';
import { answerCapital } from './capitals.ts';
import { answerFact } from './facts.ts';
import { fold } from './fold.ts';
import {
  afterInterruption,
  isBackchannel,
  isNo,
  isYes,
  wantsMore,
  wantsReading,
  wantsRepetition,
  wantsStatus,
  withoutFillers,
} from './intents.ts';
import { jobMeant } from './jobs.ts';
import { longTalk } from './longTalks.ts';
import { type Offer, pendingOffer } from './offer.ts';
import { ownTool } from './ownTools.ts';
import { nextPart, readResult } from './readResult.ts';
import { goOn, readSection } from './resume.ts';
import type { Scene } from './scene.ts';
import { isGoodbye, smallTalk, unknown } from './smallTalk.ts';
import { retryFailed, taskWish } from './taskWishes.ts';
import type { Item } from './transcript.ts';
import { workRequested } from './work.ts';

/** The answer to what the caller said; the first rule that fits decides. */
export function answerCaller(said: string, scene: Scene): PlannedReply {
  const folded = withoutFillers(fold(said));
  if (folded === '') return say('I am here. What can I do for you?');
  const rest = afterInterruption(folded);
  if (rest === undefined) return answer(said, folded, scene) ?? say(unknown(turns(scene)));
  // "Stop, what is the capital of Spain?" asks something; "Wait, I meant" does not yet.
  const further = rest.split(' ').length >= 2 ? answer(rest, withoutFillers(rest), scene) : undefined;
  return further ?? say(ACKNOWLEDGEMENTS[turns(scene) % ACKNOWLEDGEMENTS.length] ?? 'Okay.');
}

const ACKNOWLEDGEMENTS = ['Okay.', 'Okay, I am listening.', 'Okay, go ahead.'];

function answer(said: string, folded: string, scene: Scene): PlannedReply | undefined {
  const { items } = scene;
  const offer = pendingOffer(items);
  if (isGoodbye(folded)) return say('Goodbye! It was nice talking to you.');
  const wish = taskWish(said, folded, scene);
  if (wish) return wish;
  if (wantsMore(folded)) return offer === 'read' ? read(folded, scene) : more(scene);
  if (wantsRepetition(folded)) return say(lastAnswer(scene));
  const section =
    wantsReading(folded) || /\b(section|part|chapter)\b/.test(folded)
      ? readSection(items, folded)
      : undefined;
  if (section) return say(section);
  if (wantsReading(folded)) return read(folded, scene);
  if (wantsStatus(folded) && !isPoliteQuestion(folded, items)) return status(scene);
  const own = ownTool(said, scene);
  if (own) return own;
  const work = workRequested(said);
  if (work) return submit({ task_description: work.topic, detailed_prompt: work.prompt }, scene);
  const talk = longTalk(folded);
  if (talk) return say(talk.join(' '));
  const fact = answerFact(folded) ?? answerSameAgain(folded, items);
  if (fact) return say(fact);
  return inContext(folded, offer, scene);
}

/** Words whose meaning depends on what was asked before. */
function inContext(folded: string, offer: Offer, scene: Scene): PlannedReply | undefined {
  if (isNo(folded)) {
    return say(
      offer === 'none' ? 'All right. Is there anything else?' : 'All right. Just ask when you want it.',
    );
  }
  if (isYes(folded) || isBackchannel(folded)) {
    if (offer === 'read') return read(folded, scene);
    if (offer === 'goOn') return more(scene);
    if (offer === 'retry') return retry(scene);
    return say(isBackchannel(folded) ? 'I am listening.' : 'Okay. What would you like to do?');
  }
  const pleasantry = smallTalk(folded, scene.items);
  return pleasantry ? say(pleasantry) : undefined;
}

function submit(input: unknown, { tools }: Scene): PlannedReply {
  if (!tools.has('submit_batch_task')) return say('I am sorry, I cannot take on long work in this call.');
  return call('submit_batch_task', input, 'Sure, I will start on that.');
}

function status({ tools }: Scene): PlannedReply {
  if (!tools.has('check_task_status')) return say('I am sorry, I cannot look up tasks in this call.');
  return call('check_task_status', {}, 'Let me check.');
}

/** Goes on with what was read or told last. */
function more(scene: Scene): PlannedReply {
  return nextPart(scene) ?? say(goOn(scene.items));
}

function read(folded: string, scene: Scene): PlannedReply {
  const { items, tools } = scene;
  const job = jobMeant(items, folded);
  if (job && tools.has('get_task_result')) return readResult(job.id, 'summary', scene);
  if (tools.has('check_task_status')) return call('check_task_status', {}, 'Let me look for it.');
  return say('I am sorry, there is nothing that I could read.');
}

/** Submits once more what was submitted last. */
function retry(scene: Scene): PlannedReply {
  const again = retryFailed(scene);
  if (again) return again;
  const last = scene.items.findLast((item) => item.kind === 'call' && item.name === 'submit_batch_task');
  if (last?.kind !== 'call') return say('Gladly. What exactly shall I work on?');
  return submit(last.input, scene);
}

/** "How is it going?" means the task only when there is one. */
function isPoliteQuestion(folded: string, items: readonly Item[]): boolean {
  return /^hows?( is)? it going$/.test(folded) && !items.some((item) => item.kind === 'call');
}

/** "And what about Spain?" after a question for a capital. */
function answerSameAgain(folded: string, items: readonly Item[]): string | undefined {
  const questions = items.flatMap((item) => (item.kind === 'caller' ? [fold(item.text)] : []));
  const previous = questions.at(-2) ?? '';
  if (!/\b(what about|how about|mean|meant|and)\b/.test(folded) || !answerCapital(previous)) return undefined;
  return answerCapital(`capital ${folded}`);
}

/** All that the agent said between the caller's last two turns. */
function lastAnswer({ items }: Scene): string {
  const end = items.findLastIndex((item) => item.kind === 'agent');
  if (end < 0) return 'I have not said anything yet.';
  const before = items.slice(0, end).findLastIndex((item) => item.kind === 'caller');
  const spoken = items
    .slice(before + 1, end + 1)
    .flatMap((item) => (item.kind === 'agent' ? [item.text] : []));
  return spoken.join(' ');
}

function turns({ items }: Scene): number {
  return items.filter((item) => item.kind === 'caller').length;
}
