import { sleep } from '../../src/time/sleep.ts';
import type { Lane } from './lane.ts';
import { begun } from './listening.ts';
import { ANSWER } from './script.ts';
import type { TimedClip } from './timedClip.ts';

/** A sound while the agent is silent. */
export interface StraySound {
  readonly name: string;
  readonly answered: boolean;
}

/** τ-voice's window for an answer, ms. */
const WINDOW_MS = 2_000;

export interface StraySounds {
  readonly sounds: readonly StraySound[];
  readonly failures: readonly string[];
}

/** Coughs, hums and hesitations into the agent's silence; the last thing it said was no question. */
export async function measureStraySounds(
  lane: Lane,
  question: TimedClip,
  clips: readonly TimedClip[],
): Promise<StraySounds> {
  const { caller, clock } = lane;
  const sounds: StraySound[] = [];
  lane.answer(ANSWER);
  await begun(lane);
  const { endMs: askedMs } = await lane.say(question);
  // Nothing can be said for the silence of an agent that does not answer at all.
  if ((await caller.agentStarts(askedMs, 8_000)) === undefined)
    return { sounds, failures: clips.map(({ name }) => `${name}: the agent did not answer a question`) };
  await caller.agentStops(600, 8_000);
  for (const clip of clips) {
    const fromMs = clock.now();
    await lane.say(clip);
    await sleep(clock, WINDOW_MS);
    const answered = caller.agentSound.some(({ endMs }) => endMs > fromMs);
    sounds.push({ name: clip.name, answered });
    if (answered) await caller.agentStops(600, 8_000);
  }
  return { sounds, failures: [] };
}
