import { afterClosers, sentenceEnd } from './sentenceEnd.ts';
import { isSoftWrap } from './softWrap.ts';
import { speakable } from './speakable.ts';

export interface ClauseOptions {
  /** The first clause may end at a comma once it has this many characters, so that speech starts early. Default 20. */
  readonly firstClauseChars?: number;
  /** A sentence longer than this is cut at its last pause, or at a space. Default 280. */
  readonly longestChars?: number;
}

/**
 * Cuts text deltas into whole speakable phrases: first a short one, then whole sentences. Markup never reaches the
 * voice. Never cuts inside numbers, abbreviations, addresses, links or code. Pure; one instance per utterance.
 */
export class ClauseChunker {
  readonly #first: number;
  readonly #longest: number;
  #text = '';
  #spokeFirst = false;

  constructor(options: ClauseOptions = {}) {
    this.#first = options.firstClauseChars ?? 20;
    this.#longest = options.longestChars ?? 280;
  }

  /** Takes more text; returns the phrases that are complete now. */
  push(delta: string): string[] {
    this.#text += delta.replaceAll('\r', '');
    const phrases: string[] = [];
    for (let end = this.#nextEnd(); end > 0; end = this.#nextEnd()) this.#cut(end, phrases);
    return phrases;
  }

  /** The text is complete (or pauses for a tool): returns what is left. */
  flush(): string[] {
    const phrases: string[] = [];
    // A line break settles what hangs on the next character: the last sentence is cut like the others.
    this.#text += '\n';
    for (let end = this.#nextEnd(); end > 0; end = this.#nextEnd()) this.#cut(end, phrases);
    this.#cut(this.#text.length, phrases);
    return phrases;
  }

  #cut(end: number, phrases: string[]): void {
    const phrase = speakable(this.#text.slice(0, end));
    this.#text = this.#text.slice(end).replace(/^[^\S\n]*\n?/, '');
    if (phrase === '') return;
    phrases.push(phrase);
    this.#spokeFirst = true;
  }

  /** Where the next phrase ends; 0 when that is not known yet. */
  #nextEnd(): number {
    const fence = fenceEnd(this.#text);
    if (fence !== 'none') return fence === 'open' ? 0 : fence;
    const lineEnd = endOfBlock(this.#text);
    const isRow = /^\s*\|/.test(this.#text);
    if (isRow) return lineEnd;
    const limit = lineEnd === 0 ? this.#text.length : lineEnd;
    for (let index = 0; index < limit; index++) {
      const end = this.#endAt(index);
      if (end === 'unknown') return 0;
      if (end > 0) return end;
    }
    return limit > this.#longest ? lastPause(this.#text, this.#longest) : lineEnd;
  }

  #endAt(index: number): number | 'unknown' {
    const text = this.#text;
    const mark = text[index] ?? '';
    if (!'.!?…。！？,;:—，；：'.includes(mark) || isInsideLink(text, index)) return 0;
    const isFirst = !this.#spokeFirst;
    const end = afterClosers(text, index);
    if (isFirst && end < this.#first) return 0;
    const sentence = sentenceEnd(text, index);
    if (sentence === 'yes') return end;
    if (sentence === 'unknown') return 'unknown';
    if (!isFirst) return 0;
    if (/\b(e\.g|i\.e|viz)\.$/i.test(text.slice(0, index))) return 0;
    // A comma counts once white space follows it: "1,000" and "10:30" stay whole.
    if ('，；：'.includes(mark)) return end;
    return ',;:—'.includes(mark) && /\s/.test(text[end] ?? '') ? end : 0;
  }
}

/** A code fence at the start: where it ends, 'open' while it has not, 'none' when there is none. */
function fenceEnd(text: string): number | 'open' | 'none' {
  const opening = /^\s*(```|~~~)/.exec(text);
  if (opening === null) return /^\s*(`{1,2}|~{1,2})$/.test(text) ? 'open' : 'none';
  const closing = new RegExp(`\\n[ \\t]*${opening[1]}[ \\t]*(\\n)`).exec(text);
  return closing === null ? 'open' : closing.index + closing[0].length;
}

/**
 * The end of the line, when the line ends a phrase: always, except where plain text goes on in lower case on the next
 * line (a soft wrap). 0 while that is not known.
 */
function endOfBlock(text: string): number {
  const start = text.length - text.trimStart().length;
  for (let at = text.indexOf('\n', start); at !== -1; at = text.indexOf('\n', at + 1)) {
    const rest = text.slice(at + 1);
    if (rest === '') return 0;
    if (!isSoftWrap(text.slice(start), rest)) return at;
  }
  return 0;
}

/** Inside `[label](address)`, where a full stop ends nothing. */
function isInsideLink(text: string, index: number): boolean {
  const open = text.lastIndexOf('[', index);
  if (open === -1 || index - open > 300) return false;
  const link = /^\[[^\]\n]*(?:\](?:\([^)\n]*\)?)?)?/.exec(text.slice(open));
  return link !== null && open + link[0].length > index;
}

function lastPause(text: string, longest: number): number {
  const head = text.slice(0, longest);
  const pause = Math.max(...[', ', '; ', ': ', ' – ', ' — '].map((mark) => head.lastIndexOf(mark)));
  if (pause > longest / 3) return pause + 1;
  return Math.max(head.lastIndexOf(' '), 0);
}

/** The same over a stream of deltas. */
export async function* clausesOf(
  deltas: AsyncIterable<string>,
  options?: ClauseOptions,
): AsyncGenerator<string> {
  const chunker = new ClauseChunker(options);
  for await (const delta of deltas) yield* chunker.push(delta);
  yield* chunker.flush();
}
