import { sleep } from '../../src/time/sleep.ts';
import type { Lane } from './lane.ts';
import { begun } from './listening.ts';
import { ANSWER } from './script.ts';
import type { TimedClip } from './timedClip.ts';

/** One answered question; ms after the end of the caller's speech. */
export interface Answer {
  readonly name: string;
  /** The answer was begun before the turn was certain. */
  readonly adopted: boolean;
  /** A draft was begun, and dropped. */
  readonly dropped: number;
  readonly silenceNoticed: number;
  /** The first request to the model whose answer was heard. */
  readonly asked: number;
  readonly certain: number;
  readonly firstWords: number;
  readonly played: number;
  readonly accepted: number;
  readonly heard: number;
  /** A filler was said first. */
  readonly filler: boolean;
}

const TIMEOUT_MS = 8_000;
/** Silence that ends an answer, ms. */
const FINISHED_MS = 400;

export interface Answers {
  readonly answers: readonly Answer[];
  readonly failures: readonly string[];
}

/** Asks question after question. */
export async function measureAnswers(
  lane: Lane,
  questions: readonly TimedClip[],
  turns: number,
): Promise<Answers> {
  const { caller, clock } = lane;
  const answers: Answer[] = [];
  const failures: string[] = [];
  lane.answer(ANSWER);
  await begun(lane);
  for (let turn = 0; turn < turns; turn++) {
    const question = questions[turn % questions.length];
    if (!question) throw new RangeError('no questions');
    // Turns must not all begin at the same point of a 20 ms frame.
    await sleep(clock, (turn * 7) % 20);
    const outcome = await ask(lane, question);
    if (typeof outcome === 'string') failures.push(`${question.name}: ${outcome}`);
    else answers.push(outcome);
    await caller.agentStops(FINISHED_MS, TIMEOUT_MS);
  }
  return { answers, failures };
}

async function ask(lane: Lane, question: TimedClip): Promise<Answer | string> {
  const { caller, log } = lane;
  const { startMs, endMs } = await lane.say(question);
  const heardAt = await caller.agentStarts(endMs, TIMEOUT_MS);
  if (heardAt === undefined) return 'no answer was heard';
  if (caller.agentSound.some((span) => span.startMs > startMs && span.startMs < endMs))
    return 'it was cut into';
  const turns = log.turns(startMs);
  const certain = turns[0]?.at;
  if (turns.length !== 1 || certain === undefined) return `it was taken for ${turns.length} turns`;
  const plays = log.commands('speech.play', certain);
  const first = plays[0];
  const reply = plays.find(({ utteranceId }) => utteranceId.startsWith('reply-'));
  if (!first || !reply) return 'the answer came too late to be seen';
  const replyId = reply.utteranceId.slice('reply-'.length);
  const starts = log.commands('llm.start', startMs);
  const start = starts.find((one) => one.replyId === replyId);
  const words = log.events('llm.text', startMs).find((one) => one.replyId === replyId);
  const accepted = log.events('speech.started', startMs).find((one) => one.utteranceId === reply.utteranceId);
  // The vendor is asked as soon as the last silence is noticed.
  const silence = log.commands('stt.commit', startMs, certain).at(-1);
  if (!start || !words || !silence) return 'a stage is missing';
  return {
    name: question.name,
    adopted: start.draft,
    dropped: starts.filter((one) => one.draft && one.replyId !== replyId).length,
    silenceNoticed: silence.at - endMs,
    asked: start.at - endMs,
    certain: certain - endMs,
    firstWords: words.at - endMs,
    played: reply.at - endMs,
    accepted: (accepted?.at ?? Number.NaN) - endMs,
    heard: heardAt - endMs,
    filler: first !== reply,
  };
}
