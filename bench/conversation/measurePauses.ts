import type { Lane } from './lane.ts';
import { begun, poll } from './listening.ts';
import { ANSWER } from './script.ts';
import type { TimedClip } from './timedClip.ts';

/** A turn with a pause for thought in it. */
export interface PausedTurn {
  readonly name: string;
  readonly cutIn: boolean;
  /** Both audible at once, ms. */
  readonly overlapMs: number;
  /** The end of the caller's speech → the answer, ms; of a settled one where the caller was cut into. */
  readonly answerMs: number | undefined;
  readonly words: string;
}

export interface PausedTurns {
  readonly turns: readonly PausedTurn[];
  readonly failures: readonly string[];
}

export async function measurePauses(lane: Lane, clips: readonly TimedClip[]): Promise<PausedTurns> {
  const { caller, heard, log } = lane;
  const turns: PausedTurn[] = [];
  const failures: string[] = [];
  lane.answer(ANSWER);
  await begun(lane);
  for (const clip of clips) {
    const fromMs = lane.clock.now();
    const { startMs, endMs } = await lane.say(clip);
    // What began before the caller's end and goes on is no answer to all of it.
    const answer = await poll(lane, () => caller.agentSound.find((span) => span.startMs >= endMs), 6_000);
    await caller.agentStops(500, 8_000);
    const early = heard.sound.filter((span) => span.endMs > startMs && span.startMs < endMs);
    const talks = [...clip.pauses.map((pause) => ({ from: pause.startMs, to: pause.endMs }))];
    const overlapMs = early.reduce((sum, span) => {
      const both = Math.min(span.endMs, endMs) - Math.max(span.startMs, startMs);
      const inPauses = talks.reduce((pausing, { from, to }) => {
        const shared = Math.min(span.endMs, startMs + to) - Math.max(span.startMs, startMs + from);
        return pausing + Math.max(0, shared);
      }, 0);
      return sum + Math.max(0, both - inPauses);
    }, 0);
    if (!answer && early.length === 0) failures.push(`${clip.name}: no answer was heard`);
    turns.push({
      name: clip.name,
      cutIn: early.length > 0,
      overlapMs,
      answerMs: answer && answer.startMs - endMs,
      words: log
        .turns(fromMs)
        .map(({ text }) => text)
        .join(' / '),
    });
  }
  return { turns, failures };
}
