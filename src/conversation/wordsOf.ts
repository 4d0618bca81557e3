/** What was said in a turn. */
export interface Words {
  readonly text: string;
  /** The beginning of `text` that was said before this turn, and came only now; mostly empty. */
  readonly late: string;
}

/** The words of a turn, from those that belong before it and its own. */
export function wordsOf(turn: {
  readonly late: readonly string[];
  readonly segments: readonly string[];
}): Words {
  return { text: [...turn.late, ...turn.segments].join(' '), late: turn.late.join(' ') };
}
