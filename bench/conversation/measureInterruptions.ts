import { INPUT_RATE } from '../../src/audio/format.ts';
import { heardText } from '../../src/playback/heardText.ts';
import { sleep } from '../../src/time/sleep.ts';
import { READING } from '../reading.ts';
import type { Lane } from './lane.ts';
import { duringReadings } from './listening.ts';
import { locate } from './locate.ts';
import { looksOf } from './looksOf.ts';
import type { TimedClip } from './timedClip.ts';
import { duckedAt } from './volume.ts';

export interface Interruption {
  readonly name: string;
  /** The caller's first audible sample → the agent's last one, ms; undefined: it did not stop within 2 s. */
  readonly yieldMs: number | undefined;
  /** → the agent notices, and decides to be silent. */
  readonly noticedMs: number | undefined;
  readonly decidedMs: number | undefined;
  /** → the caller hears the agent at least 6 dB quieter. */
  readonly duckedMs: number | undefined;
  /** What the local recogniser made of it, look by look. */
  readonly looks: string;
  /** The words of the agent that were audible, by comparison of the audio, and those in history. */
  readonly audible: string | undefined;
  readonly history: string | undefined;
}

/** τ-voice's window for a yield, ms. */
const YIELD_WINDOW_MS = 2_000;
/** What is compared with what was synthesised, ms. */
const PIECE_MS = 250;

interface Made {
  readonly clip: TimedClip;
  readonly startedMs: number;
  readonly fromMs: number;
  readonly onsetMs: number;
}

export interface Interruptions {
  readonly interruptions: readonly Interruption[];
  /** What each look of the local recogniser took on this machine, ms. */
  readonly looksMs: readonly number[];
  readonly failures: readonly string[];
}

/** Talks over the agent again and again. Analysed when the call is over: nothing computes while it is measured. */
export async function measureInterruptions(
  lane: Lane,
  question: TimedClip,
  clips: readonly TimedClip[],
): Promise<Interruptions> {
  const { made, failures } = await duringReadings(
    lane,
    { question, clips, text: READING },
    async (clip, startedMs, index): Promise<Made> => {
      await sleep(lane.clock, (index * 7) % 20);
      const fromMs = lane.clock.now();
      const { startMs, endMs } = await lane.say(clip);
      await sleep(
        lane.clock,
        Math.max(700, startMs + YIELD_WINDOW_MS + 100 - endMs) * (isSilent(lane) ? 0 : 1),
      );
      return { clip, startedMs, fromMs, onsetMs: startMs };
    },
  );
  await sleep(lane.clock, 500);
  const asked = new Map(lane.log.commands('ears.look', 0).map(({ lookId, at }) => [lookId, at]));
  const looksMs = lane.log.events('user.heard', 0).map(({ lookId, at }) => at - (asked.get(lookId) ?? at));
  return { interruptions: made.map((one) => judge(lane, one)), looksMs, failures };
}

function isSilent({ heard, clock }: Lane): boolean {
  return clock.now() - (heard.sound.at(-1)?.endMs ?? 0) > 250;
}

function judge(lane: Lane, one: Made): Interruption {
  const { heard, log } = lane;
  const { clip, startedMs, onsetMs } = one;
  const silentAt = endOfSound(lane, onsetMs);
  const yieldMs = silentAt - onsetMs;
  const yielded = yieldMs <= YIELD_WINDOW_MS;
  const looks = looksOf(lane, one.fromMs, onsetMs + YIELD_WINDOW_MS);
  const spoken = lane.spoken(READING);
  const ended = log.events('speech.ended', onsetMs).find(({ outcome }) => outcome === 'cut');
  let audible: string | undefined;
  if (yielded) {
    const to = heard.sampleAt(silentAt);
    const length = (PIECE_MS * INPUT_RATE) / 1000;
    const expected = ((silentAt - startedMs) * INPUT_RATE) / 1000 - length;
    const found = locate(spoken.pcm, heard.read(to - length, to), expected - 8_000, expected + 8_000);
    if (found && found.likeness > 0.6) {
      audible = heardText(spoken.marks, ((found.at + length) * 1000) / INPUT_RATE);
    }
  }
  return {
    name: clip.name,
    yieldMs: yielded ? yieldMs : undefined,
    noticedMs: since(log.events('user.speechStarted', one.fromMs)[0]?.at),
    decidedMs: since(log.commands('speech.cut', one.fromMs)[0]?.at),
    duckedMs: duckedAt(lane, spoken, startedMs, onsetMs),
    looks,
    audible,
    history: yielded ? ended?.heard : undefined,
  };

  function since(at: number | undefined): number | undefined {
    return at === undefined || at > onsetMs + YIELD_WINDOW_MS ? undefined : at - onsetMs;
  }
}

/** When the sound that is audible at a moment ends: pauses of up to 150 ms belong to it. */
export function endOfSound({ heard }: Lane, atMs: number): number {
  let end = atMs;
  for (const span of heard.sound) {
    if (span.endMs < atMs) continue;
    if (span.startMs > end + 150) break;
    end = Math.max(end, span.endMs);
  }
  return end;
}
