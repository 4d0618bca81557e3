import { INPUT_FRAME_SAMPLES } from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';
import { sleep } from '../../src/time/sleep.ts';
import type { Lane } from './lane.ts';
import { begun } from './listening.ts';
import { looksOf } from './looksOf.ts';
import type { Echo } from './loudspeaker.ts';
import { endOfSound } from './measureInterruptions.ts';
import { LONG_READING } from './script.ts';
import type { TimedClip } from './timedClip.ts';

export interface EchoedReading {
  readonly echo: Echo;
  /** How long the agent was heard to read undisturbed before the caller spoke, ms. */
  readonly heardMs: number;
  /** It cut itself off. */
  readonly selfInterruptions: number;
  /** Its own words were taken for a turn of the caller's, and answered. */
  readonly ownTurns: number;
  /** What was shown as the caller's words. */
  readonly transcripts: readonly string[];
  /** What the local recogniser heard meanwhile. */
  readonly looks: string;
  /** A real interruption over the echo: onset → silence, ms; undefined: it was not heard within 3 s, or nobody spoke. */
  readonly yieldMs: number | undefined;
  readonly interruptible: boolean;
}

export interface EchoedReadings {
  readonly readings: readonly EchoedReading[];
  readonly failures: readonly string[];
}

const READ_MS = 6_000;
/** Somebody near the microphone is louder than what the loudspeaker gives back, by this at least: dB. */
const NEARER_DB = 6;
const AUDIBLE_DBFS = -50;
const YIELD_WINDOW_MS = 3_000;

export async function measureEcho(
  lane: Lane,
  question: TimedClip,
  interruptions: readonly TimedClip[],
  echoes: readonly Echo[],
): Promise<EchoedReadings> {
  const { caller, clock, heard, log, loudspeaker } = lane;
  if (!loudspeaker) throw new RangeError('the caller has no loudspeaker');
  const readings: EchoedReading[] = [];
  const failures: string[] = [];
  const reading = lane.spoken(LONG_READING).pcm;
  await begun(lane);
  lane.answer(LONG_READING);
  for (const [index, echo] of echoes.entries()) {
    loudspeaker.echo = undefined;
    const { endMs } = await lane.say(question);
    const started = await caller.agentStarts(endMs, 8_000);
    if (started === undefined) {
      failures.push(`${echo.db} dB, ${echo.delayMs} ms: the agent did not read`);
      continue;
    }
    loudspeaker.echo = echo;
    const fromMs = clock.now();
    await sleep(clock, READ_MS);
    const untilMs = clock.now();
    const begun = new Set(log.events('speech.started', 0, untilMs).map(({ utteranceId }) => utteranceId));
    const cuts = log
      .commands('speech.cut', fromMs, untilMs)
      .filter(({ utteranceId }) => begun.has(utteranceId));
    // A turn that is answered; what was heard and ignored is none.
    const answers = log
      .commands('speech.play', fromMs, untilMs)
      .filter(({ utteranceId }) => utteranceId.startsWith('reply-'));
    const transcripts = log.turns(fromMs, untilMs).map(({ text }) => text);
    const looks = looksOf(lane, fromMs, untilMs);
    const stillReads = clock.now() - (heard.sound.at(-1)?.endMs ?? 0) < 700;
    const clip = interruptions[index % interruptions.length];
    let yieldMs: number | undefined;
    if (stillReads && clip) {
      const { startMs } = await lane.say(near(clip, reading, echo));
      await sleep(clock, Math.max(0, startMs + YIELD_WINDOW_MS - clock.now()));
      const silence = endOfSound(lane, startMs) - startMs;
      // A natural voice pauses between sentences: only a decision counts as a yield.
      const decided = log.commands('speech.cut', startMs, startMs + YIELD_WINDOW_MS)[0];
      yieldMs = decided && Math.max(silence, decided.at - startMs);
    }
    loudspeaker.echo = undefined;
    readings.push({
      echo,
      heardMs: untilMs - started,
      selfInterruptions: cuts.length,
      ownTurns: answers.length,
      transcripts,
      looks,
      yieldMs,
      interruptible: stillReads,
    });
    await silenced(lane, clip);
  }
  return { readings, failures };

  /** The agent has stopped reading: it is told so, without an echo, as often as it takes. */
  async function silenced(one: Lane, clip: TimedClip | undefined): Promise<void> {
    one.answer('Okay.');
    for (let attempt = 0; attempt < 3 && clip; attempt++) {
      await sleep(clock, 1_500);
      if ((await caller.agentStops(600, 2_500)) !== undefined) break;
      await one.say(clip);
    }
    one.answer(LONG_READING);
    await sleep(clock, 1_600);
  }
}

/** The clip, as loud as from somebody near the microphone. */
function near(clip: TimedClip, reading: Int16Array, echo: Echo): TimedClip {
  const missingDb = voiceLevel(reading) + echo.db + NEARER_DB - voiceLevel(clip.pcm);
  if (missingDb <= 0) return clip;
  const gain = 10 ** (missingDb / 20);
  const louder = clip.pcm.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
  return { ...clip, pcm: louder };
}

/** Of the frames in which the voice is heard, dBFS. */
function voiceLevel(pcm: Int16Array): number {
  const powers: number[] = [];
  for (let at = 0; at + INPUT_FRAME_SAMPLES <= pcm.length; at += INPUT_FRAME_SAMPLES) {
    const db = level(pcm.subarray(at, at + INPUT_FRAME_SAMPLES));
    if (db > AUDIBLE_DBFS) powers.push(10 ** (db / 10));
  }
  return 10 * Math.log10(powers.reduce((sum, power) => sum + power, 1e-10) / Math.max(1, powers.length));
}
