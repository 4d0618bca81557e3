import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../src/audio/format.ts';
import { type SoundSpan, SoundSpans } from '../../src/caller/soundSpans.ts';
import { Timeline } from '../../src/caller/timeline.ts';
import type { Room } from '../../src/room/room.ts';
import type { Clock } from '../../src/time/clock.ts';

/** Silence up to this long belongs to a sound: a stop consonant, the codec's fading. ms */
const JOIN_MS = 60;

/** The agent as it arrives at the caller: sample by sample, and when each sample was there. */
export class HeardStream {
  readonly #timeline: Timeline;
  readonly #frames: Int16Array[] = [];
  readonly #startsMs: number[] = [];
  readonly #sound = new SoundSpans(JOIN_MS);

  constructor(room: Room, clock: Clock) {
    this.#timeline = new Timeline(clock.now());
    room.on('audio', (frame, from) => {
      if (from.kind !== 'agent') return;
      const startMs = this.#timeline.add(frame, clock.now() + FRAME_MS);
      this.#sound.add(frame, startMs);
      this.#frames.push(frame.slice());
      this.#startsMs.push(startMs);
    });
  }

  /** Stretches of sound, to 5 ms. */
  get sound(): readonly SoundSpan[] {
    return this.#sound.spans;
  }

  get samples(): number {
    return this.#frames.length * INPUT_FRAME_SAMPLES;
  }

  /** The sample that was there at a moment, counted over what arrived. */
  sampleAt(ms: number): number {
    const frame = this.#startsMs.findLastIndex((startMs) => startMs <= ms);
    if (frame < 0) return 0;
    const within = Math.min(FRAME_MS, ms - (this.#startsMs[frame] ?? ms));
    return frame * INPUT_FRAME_SAMPLES + Math.round((within * INPUT_RATE) / 1000);
  }

  timeOf(sample: number): number {
    const frame = Math.floor(sample / INPUT_FRAME_SAMPLES);
    const within = ((sample % INPUT_FRAME_SAMPLES) * 1000) / INPUT_RATE;
    return (this.#startsMs[frame] ?? Number.POSITIVE_INFINITY) + within;
  }

  /** What arrived, from one sample up to another. */
  read(from: number, to: number): Int16Array {
    const start = Math.max(0, from);
    const end = Math.max(start, Math.min(to, this.samples));
    const out = new Int16Array(end - start);
    for (let frame = Math.floor(start / INPUT_FRAME_SAMPLES); frame * INPUT_FRAME_SAMPLES < end; frame++) {
      const pcm = this.#frames[frame];
      if (pcm === undefined) break;
      const at = frame * INPUT_FRAME_SAMPLES;
      const first = Math.max(start, at);
      const last = Math.min(end, at + pcm.length);
      out.set(pcm.subarray(first - at, last - at), first - start);
    }
    return out;
  }

  /** The longest silence that touches the stretch from one moment to another, ms. */
  longestSilence(fromMs: number, toMs: number): number {
    let longest = 0;
    let end = this.sound.findLast(({ startMs }) => startMs <= fromMs)?.endMs ?? fromMs;
    for (const span of this.sound) {
      if (span.endMs <= fromMs || span.startMs <= end) continue;
      if (end >= toMs) break;
      longest = Math.max(longest, span.startMs - Math.max(end, 0));
      end = span.endMs;
    }
    return end < toMs ? Math.max(longest, toMs - end) : longest;
  }
}
