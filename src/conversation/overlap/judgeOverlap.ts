import { isEcho } from './isEcho.ts';
import { type Reading, read } from './reading.ts';
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
  /**
   * The texts of the earlier looks at this stretch of speech, oldest first. A recogniser's guesses at a word's first
   * half change from look to look; with these, what two looks in a row agree on decides, and verdicts are surer.
   */
  readonly earlier?: readonly string[];
}

export type OverlapVerdict = 'interrupt' | 'backchannel' | 'nothing' | 'echo' | 'undecided';

/** From when on, in ms of speech, a finding is enough for an interruption while the caller goes on speaking. */
const ENOUGH = {
  unmistakable: 0,
  clear: 300,
  weak: 400,
  /** A clear opening with which a backchannel can begin as well: "is that…" (so?). */
  ambiguous: 400,
  /** A weak opening that nothing has followed yet: "but…". */
  weakAlone: 600,
  /** Several words that no list knows: "Peter said…", "yeah, Peter said…". */
  unknown: 750,
  /** A single such word, or one that is a misheard backchannel perhaps. */
  unsure: 950,
  /** A backchannel that is not finished. */
  begun: 1_150,
} as const;

/** Words in a row that no list knows, and then silence. */
const UNKNOWN_WORDS = { local: 3, vendor: 2 } as const;
/** Weak openings that are a whole interruption, when they are no shorter than this: ms. */
const WHOLE = {
  words: new Set(['no', 'nope', 'what', 'why', 'where', 'when', 'who', 'which', 'how']),
  ms: 250,
};
/** Nobody needs so long for a plain backchannel. */
const LONG_MS = 1_000;
/** A backchannel of so many letters is not what something else is misheard as. */
const PLAIN_LETTERS = 5;

/**
 * Whether a caller's sound over our speech is an interruption. `backchannel` and `nothing` are for speech that has
 * ended only; `echo` holds for what was heard so far.
 */
export function judgeOverlap(hearing: OverlapHearing): OverlapVerdict {
  const { ended, ms } = hearing;
  const reading = read(hearing.text);
  if (reading.heard.length === 0) return ended ? 'nothing' : 'undecided';
  const ours = words(hearing.ours);
  if (isEcho(reading.heard, ours)) return 'echo';
  const echoedBefore = hearing.earlier?.some((text) => isEcho(words(text), ours)) ?? false;
  // A loudspeaker plays on: what is no interruption beyond doubt is more of ours, misheard.
  if (echoedBefore && reading.opening !== 'unmistakable') return ended ? 'echo' : 'undecided';
  if (reading.whole) return ended ? 'backchannel' : 'undecided';
  if (ended) return asks(reading, hearing) ? 'interrupt' : 'backchannel';
  return ms >= enough(reading) && isBorneOut(reading, hearing.earlier) ? 'interrupt' : 'undecided';
}

/** Does a caller who has ended with these words want the floor? */
function asks(reading: Reading, { from, ms, earlier = [] }: OverlapHearing): boolean {
  const { heard, opening, unknown } = reading;
  if (opening === 'unmistakable') return true;
  if (reading.misheard && (from === 'local' || opening === 'none')) return false;
  // The look at the end is sometimes the worst.
  if (from === 'local' && ms < LONG_MS && earlier.some((text) => isOtherwise(read(text), heard)))
    return false;
  if (opening === 'clear') return true;
  if (opening === 'weak' && ms >= WHOLE.ms && (unknown > 1 || isWhole(heard))) return true;
  return !reading.begun && unknown >= UNKNOWN_WORDS[from];
}

/** From when on such words, and more to come, are an interruption: ms. */
function enough({ heard, opening, begun, misheard, unknown }: Reading): number {
  if (opening === 'unmistakable') return ENOUGH.unmistakable;
  if (misheard) return ENOUGH.unsure;
  if (opening === 'weak' && unknown === 1 && !isWhole(heard)) return ENOUGH.weakAlone;
  if (opening !== 'none') return begun ? ENOUGH.ambiguous : ENOUGH[opening];
  if (begun) return ENOUGH.begun;
  return unknown === 1 ? ENOUGH.unsure : ENOUGH.unknown;
}

function isWhole(heard: readonly string[]): boolean {
  return WHOLE.words.has(heard.at(-1) ?? '');
}

/** Do the looks before say the same, as far as they go? */
function isBorneOut(reading: Reading, earlier: readonly string[] | undefined): boolean {
  if (earlier === undefined) return true;
  const looks = earlier.map(read);
  const last = looks.at(-1) ?? read('');
  const { heard, opening } = reading;
  if (opening === 'unmistakable') return !isOtherwise(last, heard);
  if (last.opening !== 'none') return true;
  if (opening === 'clear') return !isOtherwise(last, heard);
  if (looks.some((look) => isOtherwise(look, heard))) return false;
  if (last.heard.length > 0 && last.heard[0] === heard[0]) return true;
  return opening === 'none' && last.heard.length > 0 && !last.whole && !last.misheard;
}

/** A plain backchannel, which the words now heard do not go on from. */
function isOtherwise(look: Reading, heard: readonly string[]): boolean {
  return isPlainBackchannel(look) && look.heard.some((word, at) => word !== heard[at]);
}

function isPlainBackchannel({ heard, whole }: Reading): boolean {
  return (
    whole && heard.some((word) => word.length >= PLAIN_LETTERS || (heard.length > 1 && word.length >= 4))
  );
}
