const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES = [
  ['billion', 1e9],
  ['million', 1e6],
  ['thousand', 1000],
  ['hundred', 100],
] as const;
/** What recognisers write for a number that stands alone. */
const SOUND_ALIKES = new Map([
  ['to', 2],
  ['too', 2],
  ['for', 4],
  ['ate', 8],
  ['won', 1],
]);

export interface ParsedNumber {
  readonly value: number;
  /** Index of the first word after the number. */
  readonly next: number;
}

/** Reads a spoken or written number that begins at `words[start]`. `lenient` also takes words that only sound like one. */
export function parseNumber(
  words: readonly string[],
  start: number,
  lenient = false,
): ParsedNumber | undefined {
  let next = start;
  let total = 0;
  let group: number | undefined;
  for (; next < words.length; next++) {
    const word = words[next] ?? '';
    const scale = SCALES.find(([name]) => name === word)?.[1];
    const unit = unitOf(word);
    if (scale !== undefined && (group !== undefined || next > start)) {
      if (scale === 100) group = (group ?? 1) * 100;
      else {
        total += (group ?? 1) * scale;
        group = 0;
      }
    } else if (unit !== undefined && fits(group, unit)) {
      group = (group ?? 0) + unit;
    } else if ((word === 'a' && next === start && isScale(words[next + 1])) || joins(words, next, group)) {
      group ??= word === 'a' ? 1 : undefined;
    } else break;
  }
  if (group !== undefined) return withDecimals(words, total + group, next);
  const alike = lenient ? SOUND_ALIKES.get(words[start] ?? '') : undefined;
  return alike === undefined ? undefined : { value: alike, next: start + 1 };
}

/** "a hundred and five" */
function joins(words: readonly string[], at: number, group: number | undefined): boolean {
  return (
    words[at] === 'and' &&
    isScale(words[at - 1]) &&
    group !== undefined &&
    unitOf(words[at + 1] ?? '') !== undefined
  );
}

function withDecimals(words: readonly string[], whole: number, next: number): ParsedNumber {
  if (words[next] !== 'point') return { value: whole, next };
  let digits = '';
  let end = next + 1;
  for (; end < words.length; end++) {
    const word = words[end] ?? '';
    const digit = /^\d+$/.test(word) ? word : ONES.indexOf(word);
    if (digit === -1 || (Number(digit) > 9 && typeof digit === 'number')) break;
    digits += digit;
  }
  return digits === '' ? { value: whole, next } : { value: Number(`${whole}.${digits}`), next: end };
}

function isScale(word: string | undefined): boolean {
  return SCALES.some(([name]) => name === word);
}

function unitOf(word: string): number | undefined {
  if (/^\d{1,12}$/.test(word)) return Number(word);
  const one = ONES.indexOf(word);
  if (one >= 0) return one;
  const ten = TENS.indexOf(word);
  return ten >= 0 ? (ten + 2) * 10 : undefined;
}

/** Whether a unit continues the number ("twenty" five, "hundred" five) rather than beginning another one. */
function fits(group: number | undefined, unit: number): boolean {
  if (group === undefined) return true;
  if (group % 100 === 0) return unit < 100;
  return group % 10 === 0 && group % 100 >= 20 && unit > 0 && unit < 10;
}

/** A number as it is spoken: 105 → "one hundred and five", 2.5 → "two point five". Rounded to two decimals. */
export function numberToWords(value: number): string {
  if (value < 0) return `minus ${numberToWords(-value)}`;
  if (value >= 1e12) return 'more than a trillion';
  const [whole = '0', decimals] = String(Math.round(value * 100) / 100).split('.');
  const spoken = wholeToWords(Number(whole));
  if (!decimals) return spoken;
  return `${spoken} point ${[...decimals].map((digit) => ONES[Number(digit)]).join(' ')}`;
}

function wholeToWords(value: number): string {
  if (value < 20) return ONES[value] ?? '';
  if (value < 100) {
    const ten = TENS[Math.floor(value / 10) - 2] ?? '';
    return value % 10 === 0 ? ten : `${ten}-${wholeToWords(value % 10)}`;
  }
  const [name, size] = SCALES.find(([, scale]) => value >= scale) ?? ['hundred', 100];
  const rest = value % size;
  const head = `${wholeToWords(Math.floor(value / size))} ${name}`;
  if (rest === 0) return head;
  return `${head}${rest < 100 ? ' and' : ''} ${wholeToWords(rest)}`;
}
