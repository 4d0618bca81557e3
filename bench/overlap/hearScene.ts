import { INPUT_RATE } from '../../src/audio/format.ts';
import type { Recogniser } from '../../src/perception/recogniser.ts';
import { createSileroDetector } from '../../src/perception/sileroDetector.ts';
import type { Scene } from './scene.ts';

/** One look: what was heard of a stretch of speech, and when, in ms from the true onset of the sound. */
export interface Look {
  readonly at: number;
  readonly ms: number;
  /** Not the vendor's: what it hears is not measured here. */
  readonly text: string;
  readonly ended: boolean;
  readonly from: 'local' | 'vendor';
}

/** The looks at each stretch of speech that the detector found, in order. */
export type HeardScene = readonly (readonly Look[])[];

/** When the core looks, in ms of speech. */
const LOOKS = [250, 300, 350, 400, 450, 500, 550, 600, 700, 800, 900, 1_000, 1_150];
const PRE_ROLL_MS = 20;
const APPENDED_SILENCE_MS = 100;
/** What a look costs on a busy core. */
const COMPUTE_MS = 60;
/** After the end of speech is noticed: the vendor's median. */
const VENDOR_MS = 281;
const FRAME_MS = 20;

interface Stretch {
  readonly onsetMs: number;
  /** When the detector said so. */
  readonly noticedMs: number;
  readonly endMs: number;
  readonly endNoticedMs: number;
  /** From when to when nothing was heard: the core does not look there. */
  readonly pauses: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** Hears a scene as the product does: the detector frame by frame, the recogniser at the core's looks. */
export async function hearScene({ pcm, onsetMs }: Scene, recogniser: Recogniser): Promise<HeardScene> {
  const heard: Look[][] = [];
  for (const stretch of await stretches(pcm)) {
    const looks: Look[] = [];
    const look = async (until: number, ended: boolean, noticed: number) => {
      const text = await recogniser.transcribe(cut(pcm, stretch.onsetMs - PRE_ROLL_MS, until));
      const ms = until - stretch.onsetMs;
      looks.push({ at: noticed + COMPUTE_MS - onsetMs, ms, text: text ?? '', ended, from: 'local' });
    };
    const times = new Set(LOOKS.map((ms) => Math.max(stretch.onsetMs + ms, stretch.noticedMs)));
    for (const at of times) if (!isSilent(stretch, at)) await look(at, false, at);
    await look(stretch.endMs, true, stretch.endNoticedMs);
    looks.push({
      at: stretch.endNoticedMs + VENDOR_MS - onsetMs,
      ms: stretch.endMs - stretch.onsetMs,
      text: '',
      ended: true,
      from: 'vendor',
    });
    heard.push(looks);
  }
  return heard;
}

function isSilent({ pauses, endNoticedMs }: Stretch, at: number): boolean {
  return at >= endNoticedMs || pauses.some(({ fromMs, toMs }) => at >= fromMs && at < toMs);
}

async function stretches(pcm: Int16Array): Promise<Stretch[]> {
  const detector = await createSileroDetector();
  const found: Stretch[] = [];
  let open: { onsetMs: number; noticedMs: number } | undefined;
  let pauses: { fromMs: number; toMs: number }[] = [];
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
            pauses.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
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

function cut(pcm: Int16Array, fromMs: number, toMs: number): Int16Array {
  const sample = (ms: number) => Math.max(0, Math.round((ms * INPUT_RATE) / 1000));
  const piece = pcm.subarray(sample(fromMs), sample(toMs));
  const padded = new Int16Array(piece.length + sample(APPENDED_SILENCE_MS));
  padded.set(piece);
  return padded;
}
