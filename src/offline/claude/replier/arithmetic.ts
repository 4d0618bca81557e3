import { numberToWords, parseNumber } from './numbers.ts';
import { sentence } from './sentence.ts';

interface Operator {
  readonly words: readonly string[];
  readonly spoken: string;
  /** Higher binds tighter. */
  readonly rank: 1 | 2;
  apply(a: number, b: number): number;
}

const OPERATORS: readonly Operator[] = [
  { words: ['plus'], spoken: 'plus', rank: 1, apply: (a, b) => a + b },
  { words: ['added', 'to'], spoken: 'plus', rank: 1, apply: (a, b) => a + b },
  { words: ['minus'], spoken: 'minus', rank: 1, apply: (a, b) => a - b },
  { words: ['take', 'away'], spoken: 'minus', rank: 1, apply: (a, b) => a - b },
  { words: ['times'], spoken: 'times', rank: 2, apply: (a, b) => a * b },
  { words: ['multiplied', 'by'], spoken: 'times', rank: 2, apply: (a, b) => a * b },
  { words: ['divided', 'by'], spoken: 'divided by', rank: 2, apply: (a, b) => a / b },
  { words: ['percent', 'of'], spoken: 'percent of', rank: 2, apply: (a, b) => (a / 100) * b },
];

/** Works out a sum that stands somewhere in the folded text: "what is ten times ten", "2 plus 2". */
export function answerArithmetic(folded: string): string | undefined {
  const words = folded.split(' ');
  const root = /square root of (.+)/.exec(folded);
  if (root?.[1]) {
    const of = parseNumber(root[1].split(' '), 0);
    if (of) return result(`the square root of ${numberToWords(of.value)}`, Math.sqrt(of.value));
  }
  for (let start = 0; start < words.length; start++) {
    const sum = readSum(words, start);
    if (sum) return result(sum.spoken, sum.value);
  }
  return undefined;
}

function readSum(words: readonly string[], start: number): { spoken: string; value: number } | undefined {
  const first = parseNumber(words, start) ?? parseNumber(words, start, true);
  if (!first) return undefined;
  const values = [first.value];
  const operators: Operator[] = [];
  for (let at = first.next; ; ) {
    const operator = OPERATORS.find((candidate) =>
      candidate.words.every((word, i) => words[at + i] === word),
    );
    const operand = operator && parseNumber(words, at + operator.words.length, true);
    if (!operand) break;
    operators.push(operator);
    values.push(operand.value);
    at = operand.next;
  }
  if (operators.length === 0) return undefined;
  const spoken = values
    .map((value, i) => `${numberToWords(value)} ${operators[i]?.spoken ?? ''}`.trim())
    .join(' ');
  return { spoken, value: evaluate(values, operators) };
}

/** Times and divided by before plus and minus, each from left to right. */
function evaluate(values: readonly number[], operators: readonly Operator[]): number {
  let left = [...values];
  let pending = [...operators];
  for (const rank of [2, 1]) {
    const nextLeft: number[] = left.slice(0, 1);
    const nextPending: Operator[] = [];
    pending.forEach((operator, i) => {
      const right = left[i + 1] ?? 0;
      if (operator.rank === rank) nextLeft.push(operator.apply(nextLeft.pop() ?? 0, right));
      else {
        nextLeft.push(right);
        nextPending.push(operator);
      }
    });
    left = nextLeft;
    pending = nextPending;
  }
  return left[0] ?? 0;
}

function result(spoken: string, value: number): string {
  if (!Number.isFinite(value)) return 'Nobody can divide by zero, not even me.';
  const isExact = Math.abs(value * 100 - Math.round(value * 100)) < 1e-9;
  return sentence(`${spoken} is ${isExact ? '' : 'about '}${numberToWords(value)}`);
}
