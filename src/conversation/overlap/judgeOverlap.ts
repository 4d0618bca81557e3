import { readBackchannels } from './backchannelReading.ts';
import { isEcho } from './isEcho.ts';
import { openingIn } from './openingIn.ts';
import { words } from './words.ts';

export interface OverlapHearing {
  /** What the local recogniser (or, `from: 'vendor'`, the vendor) made of the caller's speech so far; '' for no words. */
  readonly text: string;
  /** Milliseconds of speech since its true onset. */
  readonly ms: number;
  /** The speech has ended (silence followed): no more will come in this stretch. */
  readonly ended: boolean;
  readonly from: 'local' | 'vendor';
  /** What we ourselves are saying around this moment (about the last 6 s and next 1 s of words), for echo. */
  readonly ours: string;
}

export type OverlapVerdict = 'interrupt' | 'backchannel' | 'nothing' | 'echo' | 'undecided';

/** From when on, in ms of speech, a finding is enough for an interruption. */
const ENOUGH = {
  /** An opening of which a backchannel begins alike: "is that" (so?). */
  ambiguous: 450,
  weak: 400,
  /** Words that no list knows, after a backchannel. */
  goingOn: 600,
  /** Words that no list knows. */
  unknown: 750,
  /** A backchannel that is still not finished. */
  unfinished: 950,
} as const;

/**
 * Whether a caller's sound over our speech is an interruption. `backchannel` and `nothing` are for speech that has
 * ended only; `echo` holds for what was heard so far.
 */
export function judgeOverlap({ text, ms, ended, from, ours }: OverlapHearing): OverlapVerdict {
  const heard = words(text);
  if (heard.length === 0) return ended ? 'nothing' : 'undecided';
  const reading = readBackchannels(heard);
  const opening = reading.whole ? 'none' : openingIn(heard, reading.reached);
  if (isEcho(heard, words(ours))) return 'echo';
  if (reading.whole) return ended ? 'backchannel' : 'undecided';
  const sure = ended || from === 'vendor';
  switch (opening) {
    case 'unmistakable':
      return 'interrupt';
    case 'clear':
      if (!reading.begun || sure || ms >= ENOUGH.ambiguous) return 'interrupt';
      return 'undecided';
    case 'weak':
      if (sure || ms >= ENOUGH.weak) return 'interrupt';
      return 'undecided';
    case 'none':
      break;
  }
  const known = Math.max(...reading.reached);
  const unknown = heard.length - known;
  if (sure) {
    if (reading.begun) return 'backchannel';
    return unknown >= 3 ? 'interrupt' : 'backchannel';
  }
  if (reading.begun) return ms >= ENOUGH.unfinished ? 'interrupt' : 'undecided';
  if (ms >= ENOUGH.unknown) return 'interrupt';
  return known > 0 && unknown >= 2 && ms >= ENOUGH.goingOn ? 'interrupt' : 'undecided';
}
