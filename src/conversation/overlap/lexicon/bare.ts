/** Words that are a whole interruption by themselves. */
export const BARE: ReadonlySet<string> = new Set([
  'no',
  'nope',
  'what',
  'why',
  'where',
  'when',
  'who',
  'which',
  'how',
]);
