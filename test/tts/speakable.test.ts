import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakable } from '../../src/tts/speakable.ts';

describe('speakable', () => {
  it.each([
    ['**Important:** read *this* and ~~not~~ that', 'Important: read this and not that'],
    ['__Bold__ and _soft_ and ***both***', 'Bold and soft and both'],
    ['## A heading', 'A heading.'],
    ['# One\n\nText follows.', 'One. Text follows.'],
    ['- first\n- second\n* third', 'first. second. third.'],
    ['- [x] done\n- [ ] to do', 'done. to do.'],
    ['1. Beans\n2. Milk', '1. Beans. 2. Milk'],
    ['> quoted words', 'quoted words'],
    ['See [the menu](https://example.com/a_b?c=1).', 'See the menu.'],
    ['![a cup](cup.png) here', 'a cup here'],
    ['Go to https://www.example.com/very/long?path=1.', 'Go to example.com.'],
    ['Go to <https://example.com/x> now', 'Go to example.com now'],
    ['(see http://a.example.org:8080/x)', '(see a link to a.example.org)'],
    ['Use `npm start` first', 'Use npm start first'],
    ['Before\n```js\nconst a = 1;\n```\nAfter', 'Before. After'],
    ['```\njust a quiet line\n```', 'just a quiet line'],
    ['```python\nprint(1)\n', ''],
    ['| Item | Price |\n|---|---:|\n| Latte | $4.50 |', 'Item: Latte, Price: $4.50.'],
    ['| Latte | $4.50 |', 'Latte, $4.50.'],
    [
      'Item | Price\n--- | ---\nLatte | 4\nTea | 3\n\nAll fresh.',
      'Item: Latte, Price: 4. Item: Tea, Price: 3. All fresh.',
    ],
    ['| | 2025 | 2026 |\n|---|---|---|\n| Rent | 5 | 6 |', 'Rent, 2025: 5, 2026: 6.'],
    ['A | B', 'A | B'],
    ['More: https://example.com/a/b', 'More: a link to example.com'],
    ['Ask https://example.com', 'Ask example.com'],
    ['It takes $1.2M and €300k', 'It takes 1.2 million dollars and 300 thousand euros'],
    ['a $2bn market of 5M people', 'a 2 billion dollars market of 5 million people'],
    ['rent of $500/month', 'rent of $500 per month'],
    ['$5k/month, a 401k and a size 5 M', '5 thousand dollars per month, a 401k and a size 5 M'],
    ['~5 people in 10–20 days', 'about 5 people in 10 to 20 days'],
    ['from 2020-01-02 on, 555-1234', 'from 2020-01-02 on, 555-1234'],
    ['As shown.[^1] And here [2, 3].\n\n[^1]: A source.', 'As shown. And here.'],
    ['See [the menu][1].\n[1]: https://example.com/menu', 'See the menu.'],
    ['Title\n---', 'Title'],
    ['Great! 🎉👍🏽 Let’s go 👩‍👩‍👧', 'Great! Let’s go'],
    ['Done ✅', 'Done'],
    ['---', ''],
    ['***', ''],
    ['*', ''],
    ['a stray * and # here', 'a stray and here'],
    ['2 * 3 is 6', '2 × 3 is 6'],
    ['It costs $3.50 at 10:30, 25% off', 'It costs $3.50 at 10:30, 25% off'],
    ['my_file_name and C#', 'my file name and C sharp'],
    ['Fish &amp; chips<br>now', 'Fish & chips now'],
    ['\\*not bold\\*', 'not bold'],
    ['It is 20°C, © 2026', 'It is 20°C, © 2026'],
    ['A → B', 'A, B'],
    ['one line\nwrapped here', 'one line wrapped here'],
    ['', ''],
  ])('%j → %j', (text, spoken) => {
    expect(speakable(text)).toBe(spoken);
  });

  const piece = fc.oneof(
    fc.lorem({ maxCount: 4 }),
    fc.constantFrom(
      '**',
      '*',
      '_',
      '`',
      '```',
      '|',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '1. ',
      '> ',
      '[',
      '](',
      ')',
      '|---|',
      '---',
    ),
    fc.constantFrom(
      'https://example.com/x?y=1',
      '$1.2M',
      '<b>',
      '</b>',
      '[^1]',
      '[^1]: note',
      '~5',
      '10–20%',
      '🎉',
      '&amp;',
    ),
    fc.string({ maxLength: 6 }),
  );
  const markdown = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(' '));

  it('never lets markup through, whatever the text', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const spoken = speakable(text);
        expect(spoken).not.toMatch(/[*`#]|https?:\/\/|\n|\[\^|\p{Extended_Pictographic}️/u);
        expect(spoken).toBe(spoken.trim());
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every plain word, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[b-j]{3,8}$/), { minLength: 1, maxLength: 30 }),
        fc.nat(3),
        (words, mode) => {
          const text =
            [
              words.join(' '),
              `- ${words.join('\n- ')}`,
              `**${words.join('** *')}*`,
              `| ${words.join(' | ')} |`,
            ][mode] ?? '';
          expect(speakable(text).match(/[b-j]+/g)).toEqual(words);
        },
      ),
    );
  });

  it('takes long texts in its stride', () => {
    const text = `${'| a b c | $1.2M |\n'.repeat(2_000)}${'word [x '.repeat(5_000)}${'a|'.repeat(2_000)}${'* _ ` '.repeat(4_000)}`;
    const from = process.cpuUsage();
    speakable(text);
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});
