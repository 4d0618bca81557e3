import type { Reading } from './reading.ts';

/** What is weighed; each is about 0 to 1, or a few. The weights are in `weights.ts`. */
export type Evidence = Readonly<Record<Feature, number>>;

export const FEATURES = [
  'always',
  /** How long the caller has been speaking: later pieces count on from 600 and 900 ms. */
  'age',
  'after600',
  'after900',
  /** The surest opening of an interruption in the text. */
  'unmistakable',
  'clear',
  'weak',
  /** Such an opening heard so early that it may be half of another word. */
  'clearEarly',
  'weakEarly',
  /** All but the end of a backchannel; spelt nearly like one. */
  'begun',
  'misheard',
  /** Words that no list knows, which go on. */
  'unknownLate',
  'unknownWords',
  'words',
  /** The look before. */
  'openedBefore',
  'weakBefore',
  'backchannelBefore',
  'sameFirstWord',
  'sameOpening',
  /** All looks before: the share of them that were. */
  'backchannels',
  'openings',
  /** A weak opening is all that was said before a silence. */
  'bare',
  /** How sure the recogniser is of the first piece of a word, by what it makes; and of all of them. Logarithms of odds. */
  'sureOpening',
  'sureWeak',
  'sureUnknown',
  'sureOfAll',
] as const;

export type Feature = (typeof FEATURES)[number];

export interface Look {
  /** How long the stretch of speech was. */
  readonly ms: number;
  readonly speech: 'goesOn' | 'paused' | 'ended';
  readonly sure?: readonly number[] | undefined;
}

/** Of a recogniser that does not tell how sure it is. */
const USUALLY_SURE = 0.85;

/** What words that are no plain backchannel, and the looks before, say of a stretch of speech. */
export function evidence(
  reading: Reading,
  { ms, speech, sure = [] }: Look,
  earlier: readonly Reading[],
): Evidence {
  const { heard, opening } = reading;
  const first = logOdds(sure[0] ?? USUALLY_SURE);
  const before = earlier.at(-1);
  const isStrong = opening === 'unmistakable' || opening === 'clear';
  const same = before !== undefined && before.heard[0] === heard[0];
  const late = Math.max(0, ms - 600) / 300;
  const isUnknown = opening === 'none';
  const share = (is: (look: Reading) => boolean) =>
    earlier.length === 0 ? 0 : earlier.filter(is).length / earlier.length;
  return {
    always: 1,
    age: (ms - 400) / 300,
    after600: late,
    after900: Math.max(0, ms - 900) / 300,
    unmistakable: Number(opening === 'unmistakable'),
    clear: Number(opening === 'clear'),
    weak: Number(opening === 'weak'),
    clearEarly: opening === 'clear' ? Math.max(0, 450 - ms) / 200 : 0,
    weakEarly: opening === 'weak' ? Math.max(0, 550 - ms) / 200 : 0,
    begun: Number(reading.begun),
    misheard: Number(reading.misheard),
    unknownLate: isUnknown ? late : 0,
    unknownWords: Math.min(3, reading.unknown),
    words: Math.min(5, heard.length),
    openedBefore: Number(before?.opening === 'unmistakable' || before?.opening === 'clear'),
    weakBefore: Number(before?.opening === 'weak'),
    backchannelBefore: Number(before?.whole ?? false),
    sameFirstWord: Number(same),
    sameOpening: Number(same && isStrong),
    backchannels: share((look) => look.whole),
    openings: share((look) => look.opening !== 'none'),
    bare: Number(speech !== 'goesOn' && opening === 'weak' && reading.bare),
    sureOpening: isStrong ? first : 0,
    sureWeak: opening === 'weak' ? first : 0,
    sureUnknown: isUnknown ? first : 0,
    sureOfAll: logOdds(sure.length === 0 ? USUALLY_SURE : sure.reduce((product, one) => product * one, 1)),
  };
}

/** Within bounds: nobody is as sure of anything as a recogniser can be. */
function logOdds(probability: number): number {
  const bound = Math.min(0.99, Math.max(0.05, probability));
  return Math.log(bound / (1 - bound));
}
