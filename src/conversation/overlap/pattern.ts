import { CLASSES } from './lexicon/classes.ts';

interface Place {
  readonly choices: ReadonlySet<string>;
  readonly optional: boolean;
}

/** A phrase with choices; the notation is described with the lists in `lexicon`. */
export type Pattern = readonly Place[];

export interface Match {
  /** Where in the words the pattern can end: positions after its last word. */
  readonly ends: ReadonlySet<number>;
  /** The words ran out inside the pattern, after at least one of its own. */
  readonly cutShort: boolean;
}

const NO_MATCH: Match = { ends: new Set(), cutShort: false };

export function pattern(notation: string): Pattern {
  return notation.split(/\s+/).map((place) => {
    const optional = place.endsWith('?');
    const choices = (optional ? place.slice(0, -1) : place)
      .split('|')
      .flatMap((choice) => (choice.startsWith('{') ? members(choice.slice(1, -1)) : [choice]));
    return { choices: new Set(choices), optional };
  });
}

/** Matches the pattern with the words from position `from` on. */
export function match(places: Pattern, words: readonly string[], from: number): Match {
  const [first] = places;
  // So it is with nearly all of the hundreds of patterns that a word is held against.
  if (first && !first.optional && !first.choices.has(words[from] ?? '')) return NO_MATCH;
  let open = new Set([from]);
  let cutShort = false;
  for (const { choices, optional } of places) {
    const next = new Set(optional ? open : []);
    for (const at of open) {
      const word = words[at];
      if (word === undefined) cutShort ||= at > from;
      else if (choices.has(word)) next.add(at + 1);
    }
    open = next;
    if (open.size === 0) break;
  }
  open.delete(from);
  return { ends: open, cutShort };
}

function members(name: string): readonly string[] {
  const kind = CLASSES[name];
  if (kind === undefined) throw new RangeError(`There is no kind of words called '${name}'.`);
  return kind.trim().split(/\s+/);
}
