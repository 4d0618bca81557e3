import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClauseChunker, clausesOf } from '../../src/tts/clauses.ts';

function cut(deltas: readonly string[]): string[] {
  const chunker = new ClauseChunker();
  return [...deltas.flatMap((delta) => chunker.push(delta)), ...chunker.flush()];
}

const byChar = (text: string) => cut([...text]);

describe('ClauseChunker', () => {
  it.each<[string, string[]]>([
    ['Hello there.', ['Hello there.']],
    [
      'Sure, I can help you with that, no problem. It takes a while.',
      ['Sure, I can help you with that,', 'no problem.', 'It takes a while.'],
    ],
    ['Yes. No.', ['Yes. No.']],
    [
      'That would be around 3.5 degrees. Rather cold, in my opinion.',
      ['That would be around 3.5 degrees.', 'Rather cold, in my opinion.'],
    ],
    ['The price is about 1,250 dollars. Fine?', ['The price is about 1,250 dollars.', 'Fine?']],
    [
      'You could ask Dr. Smith about this. He knows Mr. J. R. Brown well.',
      ['You could ask Dr. Smith about this.', 'He knows Mr. J. R. Brown well.'],
    ],
    [
      'There are several kinds of it, e.g. oats, i.e. grain. Good.',
      ['There are several kinds of it,', 'e.g. oats, i.e. grain.', 'Good.'],
    ],
    [
      'The meeting takes place at 10:30 a.m. on Monday. Come at 5 p.m. Bring cake.',
      ['The meeting takes place at 10:30 a.m. on Monday.', 'Come at 5 p.m.', 'Bring cake.'],
    ],
    [
      'You can find it all at example.com. Or at https://example.com/a.b?c=1. Both work.',
      ['You can find it all at example.com.', 'Or at example.com.', 'Both work.'],
    ],
    ['He said “Stop right there!” Then he left.', ['He said “Stop right there!”', 'Then he left.']],
    ['Well, I was thinking... maybe not. OK.', ['Well, I was thinking... maybe not.', 'OK.']],
    ['**Note this carefully.** Then go on.', ['Note this carefully.', 'Then go on.']],
    [
      'See [the U.S. guide. It is long](https://e.com/x) please. Bye.',
      ['See the U.S. guide. It is long please.', 'Bye.'],
    ],
    ['Take No. 5 of these today. No. I will not.', ['Take No. 5 of these today.', 'No.', 'I will not.']],
    [
      'Here are the things\n- one\n- two\n\nThat is all.',
      ['Here are the things', 'one.', 'two.', 'That is all.'],
    ],
    [
      'Steps to follow now:\n1. Grind it.\n2. Brew it.',
      ['Steps to follow now:', '1. Grind it.', '2. Brew it.'],
    ],
    [
      'Here is some code for you:\n```js\na. b. c.\n```\nDone now.',
      ['Here is some code for you:', 'Done now.'],
    ],
    ['| A | B |\n|--|--|\n| 1. x | 2 |\nEnd.', ['A, B.', '1. x, 2.', 'End.']],
    ['今日はいい天気ですね。散歩に行きましょう。', ['今日はいい天気ですね。散歩に行きましょう。']],
    ['🎉', []],
    ['', []],
    ['   \n\n ', []],
  ])('%j', (text, phrases) => {
    expect(byChar(text)).toEqual(phrases);
    expect(cut([text])).toEqual(phrases);
  });

  it('lets the first clause go at a comma, the others only at their ends', () => {
    const chunker = new ClauseChunker();
    expect(chunker.push('Well, as far as I can tell, ')).toEqual(['Well, as far as I can tell,']);
    expect(chunker.push('that is true, and also, in a way, ')).toEqual([]);
    expect(chunker.push('beautiful. ')).toEqual(['that is true, and also, in a way, beautiful.']);
  });

  it('cuts an endless sentence at a pause', () => {
    const phrases = byChar(`${'word '.repeat(40)}pause, ${'more '.repeat(60)}end.`);
    expect(phrases.length).toBeGreaterThan(1);
    for (const phrase of phrases) expect(phrase.length).toBeLessThanOrEqual(290);
    expect(phrases.join(' ').match(/word|more/g)).toHaveLength(100);
  });

  it('works over a stream', async () => {
    const deltas = (async function* () {
      yield* ['One sentence that ', 'is long. Two', ' is not.'];
    })();
    const phrases: string[] = [];
    for await (const phrase of clausesOf(deltas)) phrases.push(phrase);
    expect(phrases).toEqual(['One sentence that is long.', 'Two is not.']);
  });

  it('keeps every word, however the text is divided', () => {
    const words = fc.array(
      fc.constantFrom('yes', 'No.', 'Dr.', '3.5', 'well,', 'so:', 'What?', '"Go."', '\n', '- a', 'e.g.'),
      {
        maxLength: 40,
      },
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, sizes, (parts, lengths) => {
        const text = parts.join(' ');
        const deltas: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = lengths[turn % lengths.length] ?? 1;
          deltas.push(text.slice(at, at + size));
          at += size;
        }
        const letters = (whole: string) => whole.match(/[\p{L}\p{N}]+/gu) ?? [];
        expect(letters(cut(deltas).join(' '))).toEqual(letters(text));
      }),
    );
  });
});
