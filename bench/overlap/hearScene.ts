import { INPUT_RATE } from '../../src/audio/format.ts';
import { LOOKS_MS } from '../../src/conversation/overlap/lookTimes.ts';
import type { Transcript } from '../../src/perception/recogniser.ts';
import { createSileroDetector } from '../../src/perception/sileroDetector.ts';
import { LOOK_AUDIO } from '../../src/session/lookAudio.ts';
import type { Scene } from './scene.ts';

/** One look: what was heard of a stretch of speech, and when it was asked for, in ms from the true onset of the sound. */
export interface Look {
  readonly at: number;
  readonly ms: number;
  /** Not the vendor's: what it hears is not measured here. */
  readonly text: string;
  /** See `Transcript`. */
  readonly sure?: readonly number[];
  /** `paused`: of all that was said before a silence that may be the end. */
  readonly speech: 'goesOn' | 'paused' | 'ended';
  readonly from: 'local' | 'vendor';
}

/** The looks at each stretch of speech that the detector found, in order. */
export type HeardScene = readonly (readonly Look[])[];

/** After the end of speech is noticed: the vendor's median. */
const VENDOR_MS = 281;
const FRAME_MS = 20;

interface Pause {
  /** Where the last speech ended. */
  readonly endMs: number;
  readonly fromMs: number;
  toMs: number;
}

interface Stretch {
  readonly onsetMs: number;
  /** When the detector said so. */
  readonly noticedMs: number;
  readonly endMs: number;
  readonly endNoticedMs: number;
  /** From when to when nothing was heard: the core does not look there. */
  readonly pauses: readonly Pause[];
}

/** Hears a scene as the product does: the detector frame by frame, the recogniser at the core's looks. */
export async function hearScene(
  { pcm, onsetMs }: Scene,
  hear: (pcm: Int16Array) => Promise<Transcript | undefined>,
): Promise<HeardScene> {
  const heard: Look[][] = [];
  for (const stretch of await stretches(pcm)) {
    const looks: Look[] = [];
    const look = async (until: number, speech: Look['speech'], noticed: number) => {
      const { leadMs, tailMs } = LOOK_AUDIO;
      const tail = speech === 'goesOn' ? tailMs.goingOn : tailMs.ended;
      const piece = cut(pcm, stretch.onsetMs - leadMs, until, tail);
      const heard = await hear(piece);
      looks.push({
        at: noticed - onsetMs,
        ms: until - stretch.onsetMs,
        text: heard?.text ?? '',
        sure: heard?.sure.map((one) => Math.round(one * 1000) / 1000) ?? [],
        speech,
        from: 'local',
      });
    };
    const times = new Set(LOOKS_MS.map((ms) => Math.max(stretch.onsetMs + ms, stretch.noticedMs)));
    for (const at of times) if (!isSilent(stretch, at)) await look(at, 'goesOn', at);
    for (const { endMs, fromMs } of stretch.pauses) await look(endMs, 'paused', fromMs);
    looks.sort((a, b) => a.at - b.at);
    const whole = looks.at(-1);
    // What was heard before the last silence need not be heard again.
    if (whole?.speech === 'paused' && whole.ms === stretch.endMs - stretch.onsetMs)
      looks.push({ ...whole, at: stretch.endNoticedMs - onsetMs, speech: 'ended' });
    else await look(stretch.endMs, 'ended', stretch.endNoticedMs);
    looks.push({
      at: stretch.endNoticedMs + VENDOR_MS - onsetMs,
      ms: stretch.endMs - stretch.onsetMs,
      text: '',
      speech: 'ended',
      from: 'vendor',
    });
    heard.push(looks);
  }
  return heard;
}

/** What was heard in a pause that was the end is not heard again. */
export function isSameLook(before: Look | undefined, look: Look): boolean {
  return (
    look.from === 'local' && look.speech === 'ended' && before?.speech === 'paused' && before.ms === look.ms
  );
}

function isSilent({ pauses, endNoticedMs }: Stretch, at: number): boolean {
  return at >= endNoticedMs || pauses.some(({ fromMs, toMs }) => at >= fromMs && at < toMs);
}

async function stretches(pcm: Int16Array): Promise<Stretch[]> {
  const detector = await createSileroDetector();
  const found: Stretch[] = [];
  let open: { onsetMs: number; noticedMs: number } | undefined;
  let pauses: Pause[] = [];
  const frame = (INPUT_RATE * FRAME_MS) / 1000;
  for (let at = 0; at + frame <= pcm.length; at += frame) {
    const nowMs = ((at + frame) * 1000) / INPUT_RATE;
    for (const event of await detector.push(pcm.subarray(at, at + frame))) {
      const last = pauses.at(-1);
      switch (event.type) {
        case 'speechStarted':
          open = { onsetMs: event.onsetMs, noticedMs: nowMs };
          pauses = [];
          break;
        case 'speechPausing':
          if (last?.toMs !== Number.POSITIVE_INFINITY)
            pauses.push({ endMs: event.endMs, fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
          break;
        case 'speechWentOn':
          if (last) last.toMs = nowMs;
          break;
        case 'speechEnded':
          if (open) found.push({ ...open, pauses, endMs: event.endMs, endNoticedMs: nowMs });
          open = undefined;
      }
    }
  }
  detector.close();
  return found;
}

function cut(pcm: Int16Array, fromMs: number, toMs: number, silenceMs: number): Int16Array {
  const sample = (ms: number) => Math.max(0, Math.round((ms * INPUT_RATE) / 1000));
  const piece = pcm.subarray(sample(fromMs), sample(toMs));
  const padded = new Int16Array(piece.length + sample(silenceMs));
  padded.set(piece);
  return padded;
}
