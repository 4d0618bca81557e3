import { INPUT_RATE } from '../audio/format.ts';
import { Framer } from '../audio/framer.ts';
import { VoiceAgentError } from '../errors.ts';
import { EnergyTrack } from './energyTrack.ts';
import { openSilero, SILERO_WINDOW_SAMPLES } from './silero.ts';
import type { SpeechDetector, SpeechEvent } from './speechDetector.ts';
import {
  type SpeechGateChange,
  type SpeechGateOptions,
  type SpeechGateState,
  speechGate,
} from './speechGate.ts';

const DEFAULTS = {
  /** 0 to 1. Noises stay under 0.15, speech is mostly above 0.9. */
  startProbability: 0.5,
  /** 0 to `startProbability`. */
  stopProbability: 0.35,
  /** 0 to 1,000 ms, in effect a multiple of the model's 32 ms windows: two of them by default. */
  minSpeechMs: 60,
  /**
   * Silences before `speechPausing`: the first, told 75 ms after the end of speech (median, since the model lets go so late),
   * may be a "t" or a "k": in 130 s of speech 46 such silences were not the end. The second is longer than any closure: 30
   * were not the end, nearly all of them between words ("Yes, | and I"). It is told after about 150 ms.
   */
  pausingMs: [40, 136],
  /** 50 to 5,000 ms of silence before `speechEnded`. A "t" inside a word is up to 130 ms of silence. */
  pauseMs: 200,
} as const satisfies SpeechGateOptions;

/**
 * A speech detector for one stream of 16 kHz audio, on Silero VAD with hysteresis and the edges of speech found by
 * energy. Rejects with `VA_CONFIG` for an option out of its range, `VA_LOCAL_MODEL` when the model does not load.
 */
export async function createSileroDetector(
  options: Partial<SpeechGateOptions> = {},
): Promise<SpeechDetector> {
  const settings = checked({ ...DEFAULTS, ...options });
  const model = await openSilero();
  const windows = new Framer(SILERO_WINDOW_SAMPLES);
  const energy = new EnergyTrack();
  let state: SpeechGateState = { status: 'silent' };
  let judged = 0;
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();

  async function judge(frame: Int16Array): Promise<SpeechEvent[]> {
    const events: SpeechEvent[] = [];
    energy.push(frame);
    for (const window of windows.push(frame)) {
      const probability = await model.probability(window);
      if (closed) return [];
      const startMs = toMs(judged * SILERO_WINDOW_SAMPLES);
      judged += 1;
      const endMs = toMs(judged * SILERO_WINDOW_SAMPLES);
      const step = speechGate(state, { startMs, endMs, probability }, settings, energy);
      state = step.state;
      if (step.change !== undefined) events.push(eventOf(step.change));
    }
    return events;
  }

  return {
    push(frame) {
      if (closed) return Promise.resolve([]);
      // The caller may reuse its buffer before this frame's turn comes.
      const copy = frame.slice();
      const events = queue.then(() => (closed ? [] : judge(copy)));
      queue = events.catch(() => {});
      return events;
    },
    close() {
      closed = true;
    },
  };
}

function eventOf(change: SpeechGateChange): SpeechEvent {
  switch (change.type) {
    case 'rising':
      return { type: 'speechRising' };
    case 'fell':
      return { type: 'speechFell' };
    case 'started':
      return { type: 'speechStarted', onsetMs: change.onsetMs };
    case 'pausing':
      return { type: 'speechPausing', endMs: change.endMs, silenceMs: change.silenceMs };
    case 'wentOn':
      return { type: 'speechWentOn' };
    case 'ended':
      return { type: 'speechEnded', endMs: change.endMs, silenceMs: change.silenceMs };
  }
}

function toMs(samples: number): number {
  return (samples * 1000) / INPUT_RATE;
}

function checked(settings: SpeechGateOptions): SpeechGateOptions {
  const { startProbability, stopProbability, minSpeechMs, pausingMs, pauseMs } = settings;
  const faults = [
    inRange(startProbability, 0, 1) || 'startProbability is 0 to 1',
    inRange(stopProbability, 0, startProbability) || 'stopProbability is 0 to startProbability',
    inRange(minSpeechMs, 0, 1_000) || 'minSpeechMs is 0 to 1000',
    pausingMs.every((ms, i) => inRange(ms, pausingMs[i - 1] ?? 1, pauseMs)) ||
      'pausingMs rise and lie below pauseMs',
    inRange(pauseMs, 50, 5_000) || 'pauseMs is 50 to 5000',
  ].filter((fault) => fault !== true);
  if (faults.length > 0)
    throw new VoiceAgentError('VA_CONFIG', `Speech detector options: ${faults.join('; ')}.`);
  return settings;
}

function inRange(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
