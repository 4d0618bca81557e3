import { readBackchannels } from './backchannelReading.ts';
import { BARE } from './lexicon/bare.ts';
import { type Opening, openingIn } from './openingIn.ts';
import { soundsLikeBackchannel } from './soundsLikeBackchannel.ts';
import { words } from './words.ts';

/** What can be told from a text alone. */
export interface Reading {
  readonly heard: readonly string[];
  readonly whole: boolean;
  readonly begun: boolean;
  readonly opening: Opening;
  /** It is one word that is a whole interruption by itself: "No.", "Why?" */
  readonly bare: boolean;
  /** Words after the backchannels. */
  readonly unknown: number;
  /** Spelt nearly like a common backchannel. */
  readonly misheard: boolean;
}

export function read(text: string): Reading {
  const heard = words(text);
  const { reached, whole, begun } = readBackchannels(heard);
  return {
    heard,
    whole: whole && heard.length > 0,
    begun,
    opening: whole ? 'none' : openingIn(heard, reached),
    bare: heard.length === 1 && BARE.has(heard[0] ?? ''),
    unknown: heard.length - Math.max(...reached),
    misheard: !whole && soundsLikeBackchannel(heard),
  };
}
