import type { Fixture } from '../../src/caller/fixture.ts';
import { sleep } from '../../src/time/sleep.ts';
import { READING } from '../reading.ts';
import type { MeasuredCall } from './latencyRig.ts';
import type { Measured } from './measureResponses.ts';

/** One interruption of the agent, ms. */
export interface Interruption {
  /** The caller's first audible sample → the agent decides to be silent. */
  readonly noticing: number;
  /** → the caller hears its last audible sample. */
  readonly silencing: number;
}

const ANSWER_TIMEOUT_MS = 8_000;
/** The agent has been speaking for this long when it is interrupted, ms. */
const LISTENED_MS = 1_000;

/** Talks over the agent again and again; it answers with another long reading each time. */
export async function measureInterruptions(
  call: MeasuredCall,
  speech: readonly Fixture[],
  times: number,
): Promise<Measured<Interruption>> {
  const { caller, clock } = call;
  const results: Interruption[] = [];
  const failures: string[] = [];
  const [first] = speech;
  if (!first) throw new RangeError('nothing to interrupt with');
  call.script({ said: first.text, answer: READING });
  await caller.agentStarts(0, ANSWER_TIMEOUT_MS);
  await caller.agentStops(700, ANSWER_TIMEOUT_MS);
  let spokenUntil = (await caller.say(first.pcm)).endMs;
  for (let time = 0; time < times; time++) {
    const fixture = speech[time % speech.length] ?? first;
    call.script({ said: fixture.text, answer: READING });
    await caller.agentStarts(spokenUntil, ANSWER_TIMEOUT_MS);
    // Interruptions must not all begin at the same point of a 20 ms frame.
    await sleep(clock, LISTENED_MS + ((time * 7) % 20));
    const fromMs = clock.now();
    const span = await caller.say(fixture.pcm);
    spokenUntil = span.endMs;
    const outcome = interruption(call, fromMs, span.startMs);
    if (typeof outcome === 'string') failures.push(`interruption ${time + 1} (${fixture.name}): ${outcome}`);
    else results.push(outcome);
  }
  return { results, failures };
}

/**
 * The interruption made since `fromMs`, or why there is none to measure. Called when it is over. `onsetMs` is an estimate
 * that a standstill of the process makes late, so nothing else depends on it.
 */
function interruption(
  { caller, marks }: MeasuredCall,
  fromMs: number,
  onsetMs: number,
): Interruption | string {
  const decided = marks.silenced(fromMs);
  if (decided === undefined) return 'the agent never decided to be silent';
  const sound = caller.agentSound.findLast(({ startMs }) => startMs < decided);
  if (sound === undefined || sound.endMs < fromMs) return 'the agent was not speaking';
  return { noticing: decided - onsetMs, silencing: sound.endMs - decided };
}
