import { INPUT_RATE } from '../../src/audio/format.ts';
import { sleep } from '../../src/time/sleep.ts';
import type { Lane } from './lane.ts';
import { duringReadings } from './listening.ts';
import { locate } from './locate.ts';
import { looksOf } from './looksOf.ts';
import { endOfSound } from './measureInterruptions.ts';
import { LONG_READING } from './script.ts';
import type { TimedClip } from './timedClip.ts';
import { duckedAt } from './volume.ts';

/** A sound of a caller's who only listens. */
export interface Listener {
  readonly name: string;
  /** Our speech went on: nothing told it to stop or to wait. */
  readonly kept: boolean;
  /** τ-voice: the agent did not stop within 1 s of the onset. */
  readonly keptByTau: boolean;
  readonly longestSilenceMs: number;
  /** It was silent for 200 ms although nothing had told it to: the machine was late. */
  readonly starved: boolean;
  readonly ducked: boolean;
  /** Samples (16 kHz) by which what followed came early (+: lost) or late, against what went before; undefined: unclear. */
  readonly shift: number | undefined;
  readonly looks: string;
}

/** Silence that counts as silent, ms. */
const SILENT_MS = 200;
/** Until the vendor's words have been judged as well, ms after the end of the sound. */
const JUDGED_MS = 1_100;
const PIECE = (300 * INPUT_RATE) / 1000;

interface Made {
  readonly clip: TimedClip;
  readonly startedMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Listeners {
  readonly listeners: readonly Listener[];
  readonly failures: readonly string[];
}

/** Makes sound after sound while the agent reads on. */
export async function measureListeners(
  lane: Lane,
  question: TimedClip,
  clips: readonly TimedClip[],
): Promise<Listeners> {
  const { made, failures } = await duringReadings(
    lane,
    { question, clips, text: LONG_READING },
    async (clip, startedMs): Promise<Made> => {
      const atMs = lane.clock.now();
      await lane.say(clip);
      // Not every noise is above the caller's own threshold: its time is what was played.
      const lengthMs = (clip.pcm.length * 1000) / INPUT_RATE;
      const endMs = lane.clock.now();
      await sleep(lane.clock, JUDGED_MS + 450);
      return { clip, startedMs, startMs: Math.max(atMs, endMs - lengthMs), endMs };
    },
  );
  return { listeners: made.map((one) => judge(lane, one)), failures };
}

function judge(lane: Lane, one: Made): Listener {
  const { heard, log } = lane;
  const { startMs, endMs, startedMs } = one;
  const until = endMs + JUDGED_MS;
  const longestSilenceMs = heard.longestSilence(startMs, until);
  const cut =
    log.commands('speech.cut', startMs, until).some(({ utteranceId }) => utteranceId.startsWith('reply-')) ||
    log.commands('speech.hold', startMs, until).length > 0;
  const spoken = lane.spoken(LONG_READING);
  const ducked = duckedAt(lane, spoken, startedMs, startMs);
  return {
    name: one.clip.name,
    kept: !cut,
    starved: !cut && longestSilenceMs >= SILENT_MS,
    keptByTau: endOfSound(lane, startMs) - startMs > 1_000,
    longestSilenceMs,
    ducked: ducked !== undefined,
    shift: cut ? undefined : shiftOf(lane, one),
    looks: `${cut ? 'cut' : 'not cut'}: ${looksOf(lane, startMs, until)}`,
  };
}

/** What came after the sound against what came before: both are found in what was synthesised. */
function shiftOf(lane: Lane, one: Made): number | undefined {
  const { heard } = lane;
  const { pcm } = lane.spoken(LONG_READING);
  const before = heard.sampleAt(one.startMs) - PIECE;
  const after = heard.sampleAt(one.endMs + JUDGED_MS);
  const expected = ((heard.timeOf(before) - one.startedMs) * INPUT_RATE) / 1000;
  const first = locate(pcm, heard.read(before, before + PIECE), expected - 16_000, expected + 16_000);
  if (!first || first.likeness < 0.7) return undefined;
  const there = first.at + after - before;
  const second = locate(pcm, heard.read(after, after + PIECE), there - 6_400, there + 6_400);
  if (!second || second.likeness < 0.7) return undefined;
  return second.at - there;
}
