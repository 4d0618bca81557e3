/**
 * Joins the texts of two neighbouring segments. A commit in the middle of a word is heard as "… fox jump-" and
 * "... over the lazy dog.": the marks of the cut go, and the pieces of one word become one again.
 */
export function joinTranscripts(before: string, after: string): string {
  const head = before.trim();
  const tail = after.trim();
  if (head === '' || tail === '') return stripCutMark(head + tail);
  const resumed = /^(\.{2,}|…)\s*/.exec(tail);
  const rest = resumed ? tail.slice(resumed[0].length) : tail;
  const cut = /(\p{L})[-–—]$/u.exec(head);
  if (!cut) return `${head} ${rest}`;
  const stem = head.slice(0, -1);
  // A lower-case continuation without an ellipsis carries on the very word; after an ellipsis the word was whole.
  return !resumed && /^\p{Ll}/u.test(rest) ? stem + rest : `${stem} ${rest}`;
}

/** Takes the marks of a cut off one segment's text. */
export function stripCutMark(text: string): string {
  return text
    .trim()
    .replace(/^(\.{2,}|…)\s*/, '')
    .replace(/(\p{L})[-–—]$/u, '$1');
}
