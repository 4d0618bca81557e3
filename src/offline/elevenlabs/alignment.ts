/** Characters of one generation with their times in whole milliseconds from its start. */
export interface CharTimes {
  readonly chars: readonly string[];
  readonly startsMs: readonly number[];
  readonly durationsMs: readonly number[];
}

/** How long a character takes to say, relative to a letter. */
function weight(char: string): number {
  if (/\d/.test(char)) return 4;
  if (/[.!?;:…]/.test(char)) return 2;
  if (/[\s'"’”]/.test(char)) return 0.5;
  return 1;
}

/** Spreads the characters over the audio in proportion to their weight; the durations add up to all of it. */
export function spreadChars(text: string, audioMs: number): CharTimes {
  const chars = [...text];
  const weights = chars.map(weight);
  const total = weights.reduce((sum, one) => sum + one, 0) || 1;
  const startsMs: number[] = [];
  let before = 0;
  for (const one of weights) {
    startsMs.push(Math.round((audioMs * before) / total));
    before += one;
  }
  const durationsMs = startsMs.map((start, index) => (startsMs[index + 1] ?? Math.round(audioMs)) - start);
  return { chars, startsMs, durationsMs };
}

/** The characters that begin in a part of the audio; undefined when none does. */
export function sliceChars(times: CharTimes, fromMs: number, toMs: number): CharTimes | undefined {
  const picked = times.chars.flatMap((_, index) => {
    const start = times.startsMs[index] ?? 0;
    return start >= fromMs && start < toMs ? [index] : [];
  });
  if (picked.length === 0) return undefined;
  return {
    chars: picked.map((index) => times.chars[index] ?? ''),
    startsMs: picked.map((index) => times.startsMs[index] ?? 0),
    durationsMs: picked.map((index) => times.durationsMs[index] ?? 0),
  };
}
