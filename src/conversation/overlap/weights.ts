import type { Feature } from './evidence.ts';

type Weights = Readonly<Record<Feature, number>>;

/* Made by `npx tsx bench/overlap/train.ts` from the bench's tuning phrases and voices; not to be changed by hand. */

/** For speech that goes on. */
export const GOING_ON: Weights = {
  always: -0.55,
  age: 0.31,
  after600: 0.42,
  after900: 0,
  unmistakable: 2.09,
  clear: 0.7,
  weak: 0.84,
  clearEarly: 0,
  weakEarly: -0.38,
  begun: 0.08,
  misheard: -1.18,
  unknownLate: 0,
  unknownWords: 0.15,
  words: 0.14,
  openedBefore: 0.5,
  weakBefore: 0.05,
  backchannelBefore: -0.19,
  sameFirstWord: -0.04,
  sameOpening: 0.48,
  backchannels: -0.01,
  openings: 0.55,
};

/** For a stretch of speech that has ended. */
export const ENDED: Weights = {
  always: -1.29,
  age: 0.31,
  after600: 0.29,
  after900: 0.35,
  unmistakable: 0.89,
  clear: 0,
  weak: -0.65,
  clearEarly: 0,
  weakEarly: -0.9,
  begun: 0.99,
  misheard: -3.67,
  unknownLate: 0,
  unknownWords: 0.56,
  words: -0.07,
  openedBefore: 0.67,
  weakBefore: 0.29,
  backchannelBefore: -0.92,
  sameFirstWord: -0.02,
  sameOpening: 0.75,
  backchannels: -1.29,
  openings: 1.75,
};
