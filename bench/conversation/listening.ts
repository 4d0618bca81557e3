import { INPUT_RATE } from '../../src/audio/format.ts';
import { sleep } from '../../src/time/sleep.ts';
import { READING } from '../reading.ts';
import type { Lane } from './lane.ts';
import type { TimedClip } from './timedClip.ts';

const ANSWER_TIMEOUT_MS = 8_000;
/** The agent has been speaking for this long when something is done to it, ms. */
const LISTENED_MS = 1_000;
/** A reading that will be over in less is too short for what is to be done to it, ms. */
const ROOM_MS = 6_000;
/** From the room to the caller's ear, about, ms. */
const CARRIED_MS = 100;

/** The greeting is over. */
export async function begun({ caller }: Lane): Promise<void> {
  await caller.agentStarts(0, ANSWER_TIMEOUT_MS);
  await caller.agentStops(500, ANSWER_TIMEOUT_MS);
}

/**
 * Resolves when the agent has been reading for a second; asks for it where it is silent. Undefined when it will not read,
 * else when the reading began to be heard, to a tenth of a second.
 */
export async function reading(lane: Lane, question: TimedClip, text = READING): Promise<number | undefined> {
  const { caller, clock } = lane;
  lane.answer(text);
  const longMs = (lane.spoken(text).pcm.length * 1000) / INPUT_RATE;
  for (let attempt = 0; attempt < 3; attempt++) {
    const startedMs = playingSince(lane);
    if (startedMs !== undefined && clock.now() - startedMs < longMs - ROOM_MS) {
      await sleep(clock, Math.max(0, LISTENED_MS - (clock.now() - startedMs)));
      if (playingSince(lane) === startedMs) return startedMs;
    }
    if (startedMs !== undefined) await caller.agentStops(400, ANSWER_TIMEOUT_MS);
    const { endMs } = await lane.say(question);
    await caller.agentStarts(endMs, ANSWER_TIMEOUT_MS);
    await sleep(clock, 200);
  }
  return undefined;
}

/** Does something with each clip while the agent reads on; what it will not read for is told by name. */
export async function duringReadings<T>(
  lane: Lane,
  { question, clips, text }: { question: TimedClip; clips: readonly TimedClip[]; text: string },
  act: (clip: TimedClip, startedMs: number, index: number) => Promise<T>,
): Promise<{ readonly made: readonly T[]; readonly failures: readonly string[] }> {
  const made: T[] = [];
  const failures: string[] = [];
  await begun(lane);
  for (const [index, clip] of clips.entries()) {
    const startedMs = await reading(lane, question, text);
    if (startedMs === undefined) failures.push(`${clip.name}: the agent did not read`);
    else made.push(await act(clip, startedMs, index));
  }
  return { made, failures };
}

/** Looks again and again until there is something to be seen; undefined when there was nothing in time. */
export async function poll<T>(
  { clock }: Lane,
  look: () => T | undefined,
  timeoutMs: number,
): Promise<T | undefined> {
  const giveUpAt = clock.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== undefined || clock.now() > giveUpAt) return found;
    await sleep(clock, 20);
  }
}

/** When the reply that is being played was first heard; undefined when none is. */
function playingSince({ log, heard }: Lane): number | undefined {
  const started = log
    .events('speech.started', 0)
    .findLast(({ utteranceId }) => utteranceId.startsWith('reply-'));
  if (!started) return undefined;
  const isOver = log
    .events('speech.ended', started.at)
    .some(({ utteranceId }) => utteranceId === started.utteranceId);
  if (isOver) return undefined;
  return heard.sound.find(({ startMs }) => startMs > started.at)?.startMs ?? started.at + CARRIED_MS;
}
