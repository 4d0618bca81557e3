import type { Fixture } from '../../src/caller/fixture.ts';
import { sleep } from '../../src/time/sleep.ts';
import type { MeasuredCall } from './latencyRig.ts';
import { ANSWER } from './script.ts';

/** One answered turn, in ms. */
export interface Response {
  /** End of the caller's speech → the turn is over. */
  readonly waiting: number;
  /** The turn is over → the model's first words; below 0 where the model was asked in advance. */
  readonly thinking: number;
  /** The turn is over → the voice is told to play. */
  readonly deciding: number;
  /** → the room has accepted the first frame; speech is made in between, or was before. */
  readonly speaking: number;
  /** → the caller hears it. */
  readonly carrying: number;
}

export interface Measured<T> {
  readonly results: readonly T[];
  /** Why turns were not measured. */
  readonly failures: readonly string[];
}

const ANSWER_TIMEOUT_MS = 8_000;
/** Silence that ends an answer: more than any inside it, ms. */
const FINISHED_MS = 500;

/** Asks question after question, each when the answer to the last one is over. */
export async function measureResponses(
  call: MeasuredCall,
  questions: readonly Fixture[],
  turns: number,
): Promise<Measured<Response>> {
  const { caller, clock } = call;
  const results: Response[] = [];
  const failures: string[] = [];
  await caller.agentStarts(0, ANSWER_TIMEOUT_MS);
  for (let turn = 0; turn < turns; turn++) {
    await caller.agentStops(FINISHED_MS, ANSWER_TIMEOUT_MS);
    // Turns must not all begin at the same point of a 20 ms frame.
    await sleep(clock, (turn * 7) % 20);
    const question = questions[turn % questions.length];
    if (!question) throw new RangeError('no questions');
    const outcome = await ask(call, question);
    if (typeof outcome === 'string') failures.push(`turn ${turn + 1} (${question.name}): ${outcome}`);
    else results.push(outcome);
  }
  await caller.agentStops(FINISHED_MS, ANSWER_TIMEOUT_MS);
  return { results, failures };
}

/** The response, or why there is none to measure. */
async function ask(call: MeasuredCall, question: Fixture): Promise<Response | string> {
  const { caller, marks } = call;
  call.script({ said: question.text, answer: ANSWER });
  const { startMs, endMs } = await caller.say(question.pcm);
  await caller.agentStarts(endMs, ANSWER_TIMEOUT_MS);
  const ends = marks.turnsEnded(startMs);
  if (ends !== 1) return `the turn was taken for over ${ends} times`;
  const { decided, firstText, play, accepted } = marks.answer(startMs);
  if (decided === undefined) return 'the turn was never taken for over';
  const heard = caller.agentSound.find((span) => span.startMs > decided)?.startMs;
  if (firstText === undefined || play === undefined || accepted === undefined || heard === undefined) {
    return 'no answer was heard';
  }
  if (decided < endMs) return 'the turn was taken for over before the caller had finished';
  return {
    waiting: decided - endMs,
    thinking: firstText - decided,
    deciding: play - decided,
    speaking: accepted - play,
    carrying: heard - accepted,
  };
}
