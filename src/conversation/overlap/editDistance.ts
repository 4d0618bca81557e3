/**
 * Letters to change, add or leave out to find `part` inside `whole` ('anywhere'), or to make the two alike ('whole').
 */
export function editDistance(part: string, whole: string, where: 'whole' | 'anywhere'): number {
  let row = Array.from({ length: whole.length + 1 }, (_, i) => (where === 'whole' ? i : 0));
  for (let p = 1; p <= part.length; p++) {
    const next = [p];
    for (let w = 1; w <= whole.length; w++) {
      const swap = (row[w - 1] ?? 0) + (part[p - 1] === whole[w - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[w] ?? 0) + 1, (next[w - 1] ?? 0) + 1));
    }
    row = next;
  }
  return where === 'whole' ? (row.at(-1) ?? 0) : Math.min(...row);
}
