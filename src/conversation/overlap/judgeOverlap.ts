import { evidence } from './evidence.ts';
import { isEcho } from './isEcho.ts';
import { isInterruption } from './isInterruption.ts';
import { BARE } from './lexicon/bare.ts';
import { type Reading, read } from './reading.ts';
import { words } from './words.ts';

export interface OverlapHearing {
  /** What the local recogniser (or, `from: 'vendor'`, the vendor) made of the caller's speech so far; '' for no words. */
  readonly text: string;
  /** Milliseconds of speech since its true onset. */
  readonly ms: number;
  /** `paused`: all that was said before a silence that may be the end. `ended`: no more will come in this stretch. */
  readonly speech: 'goesOn' | 'paused' | 'ended';
  readonly from: 'local' | 'vendor';
  /** How sure the recogniser is of each piece of a word, 0 to 1. */
  readonly sure?: readonly number[];
  /** What we ourselves are saying around this moment (about the last 6 s and next 1 s of words), for echo. */
  readonly ours: string;
  /**
   * The texts of the earlier looks at this stretch of speech, oldest first. A recogniser's guesses at a word's first
   * half change from look to look; with these, what two looks in a row agree on decides, and verdicts are surer.
   */
  readonly earlier?: readonly string[];
}

export type OverlapVerdict = 'interrupt' | 'backchannel' | 'nothing' | 'echo' | 'undecided';

/** Words in a row that no list knows, and then silence. */
const UNKNOWN_WORDS = 2;
/** A weak opening is a whole interruption when it is one of `BARE` and no shorter than this, ms. */
const BARE_MS = 250;
/**
 * Who goes on for so long, and is not understood to say backchannels only, wants the floor: ms. Shorter cuts off long
 * backchannels that were misheard, one in fifteen; longer lets one interruption in twenty wait for the vendor.
 */
const LONG_MS = 1_150;

/**
 * Whether a caller's sound over our speech is an interruption. `backchannel` and `nothing` are for speech that has
 * ended only; `echo` holds for what was heard so far.
 */
export function judgeOverlap(hearing: OverlapHearing): OverlapVerdict {
  const { ms } = hearing;
  const ended = hearing.speech === 'ended';
  const reading = read(hearing.text);
  if (reading.heard.length === 0) return ended ? 'nothing' : 'undecided';
  const ours = words(hearing.ours);
  if (isEcho(reading.heard, ours)) return 'echo';
  const echoedBefore = hearing.earlier?.some((text) => isEcho(words(text), ours)) ?? false;
  // A loudspeaker plays on: what is no interruption beyond doubt is more of ours, misheard.
  if (echoedBefore && reading.opening !== 'unmistakable') return ended ? 'echo' : 'undecided';
  if (reading.whole) return ended ? 'backchannel' : 'undecided';
  if (hearing.speech !== 'goesOn' && reading.opening === 'unmistakable') return 'interrupt';
  if (!ended && ms >= LONG_MS) return 'interrupt';
  const wantsFloor =
    hearing.from === 'vendor'
      ? asks(reading, ms)
      : isInterruption(evidence(reading, hearing, (hearing.earlier ?? []).map(read)), hearing.speech);
  if (wantsFloor) return 'interrupt';
  return ended ? 'backchannel' : 'undecided';
}

/** Does a caller who has ended with these words, which the vendor heard, want the floor? */
function asks({ heard, opening, unknown, begun, misheard }: Reading, ms: number): boolean {
  if (misheard && opening === 'none') return false;
  if (opening === 'clear') return true;
  if (opening === 'weak' && ms >= BARE_MS && (unknown > 1 || BARE.has(heard.at(-1) ?? ''))) return true;
  return !begun && unknown >= UNKNOWN_WORDS;
}
