import type { Script } from './script.ts';

/** Words of a result that are read before the listener is asked whether to go on: about half a minute. */
const WORDS_AT_ONCE = 75;
/** A section whose rest is hardly longer is read to its end. */
const WORDS_AT_MOST = 110;
/** Share of a sentence's words that were heard, in their order, for it to count as heard. */
const HEARD_SHARE = 0.8;
/** Words that may be missing at its end: nobody needs a sentence again for those. */
const MISSING_AT_END = 2;
/** What was said in place of the words that were given counts as a retelling of them from this share of their number on. */
const RETOLD_SHARE = 0.4;
/** Share of what was said that is taken, in order, from what was given: from here on it was read and not retold. */
const LITERAL_SHARE = 0.6;
/** How far ahead a word is looked for: speech synthesis and models leave some out. */
const WINDOW = 12;

/** Sentences that the model was given to say. */
export interface Delivery {
  /** The tool call that gave them. */
  readonly callId: string;
  readonly turn: number;
  readonly from: number;
  readonly to: number;
  /** Where reading goes on when all of it, or a retelling of it, was heard. */
  readonly next: number;
}

/** Where a listener is in a result. `position`: the first sentence that they have not heard. */
export interface Reading {
  readonly position: number;
  readonly last: Delivery | undefined;
}

export const unread: Reading = { position: 0, last: undefined };

/** What was heard after a delivery: the answer that it was given for, then each later answer. */
export type Heard = readonly string[] | undefined;

/** How far the listener has come, by what was heard since the last delivery. `turn` is the one that asks. */
export function caughtUp(reading: Reading, script: Script, heard: Heard, turn: number): Reading {
  const { last } = reading;
  if (!last) return reading;
  return { ...reading, position: last.turn === turn ? last.next : positionAfter(last, script, heard) };
}

function positionAfter(last: Delivery, script: Script, heard: Heard): number {
  // Nobody knows any more: better to hear something twice than never.
  if (!heard) return last.from;
  const words = foldWords(heard.join(' '));
  let at = 0;
  let position = -1;
  for (let index = last.from; index < last.to; index++) {
    const own = foldWords(script.lines[index]?.text ?? '');
    const match = follow(own, words, at);
    if (match.share < HEARD_SHARE || match.missing > MISSING_AT_END) continue;
    // A title of one word may stand anywhere: it counts only where nothing was skipped before it.
    if (own.length < 3 && index !== Math.max(position, last.from)) continue;
    at = match.at;
    position = index + 1;
  }
  if (position >= 0) return position >= last.to ? last.next : position;
  const given = script.lines.slice(last.from, Math.max(last.next, last.from + 1));
  const wanted = given.flatMap((line) => foldWords(line.text));
  const said = foldWords(heard[0] ?? '');
  // The very words, cut in their first sentence, are no retelling.
  const isLiteral = follow(said, wanted, 0).share >= LITERAL_SHARE;
  return !isLiteral && said.length >= wanted.length * RETOLD_SHARE ? last.next : last.from;
}

/** The sentences to read from `from` on: as many as are listened to in one go, and never beyond the section. */
export function passage(script: Script, from: number): { readonly from: number; readonly to: number } {
  const end = script.sections.find((section) => from < section.to)?.to ?? script.lines.length;
  const rest = script.lines.slice(from, end).reduce((sum, line) => sum + line.words, 0);
  if (rest <= WORDS_AT_MOST) return { from, to: end };
  let to = from;
  for (let words = 0; to < end; to++) {
    const line = script.lines[to];
    if (!line || (words > 0 && words + line.words > WORDS_AT_ONCE && !script.lines[to - 1]?.isTitle)) break;
    words += line.words;
  }
  return { from, to };
}

interface Match {
  readonly share: number;
  /** Index after the last word that was found. */
  readonly at: number;
  /** Words at the end that were not. */
  readonly missing: number;
}

/** How much of `own` comes in `words`, in its order, from `at` on. */
function follow(own: readonly string[], words: readonly string[], at: number): Match {
  const first = own[0];
  let best: Match = { share: 0, at, missing: own.length };
  if (first === undefined) return best;
  for (let start = at; start < words.length; start++) {
    if (words[start] !== first && words[start] !== own[1]) continue;
    let next = start;
    let hits = 0;
    let missing = own.length;
    for (const [index, word] of own.entries()) {
      const found = words.indexOf(word, next);
      if (found < 0 || found - next > WINDOW) continue;
      hits++;
      next = found + 1;
      missing = own.length - 1 - index;
    }
    const share = hits / own.length;
    if (share > best.share) best = { share, at: next, missing };
    if (share === 1) break;
  }
  return best;
}

function foldWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
