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
    ['(see http://a.example.org:8080/x)', '(see a.example.org)'],
    ['Use `npm start` first', 'Use npm start first'],
    ['Before\n```js\nconst a = 1;\n```\nAfter', 'Before. After'],
    ['```\njust a quiet line\n```', 'just a quiet line'],
    ['```python\nprint(1)\n', ''],
    ['| Item | Price |\n|---|---:|\n| Latte | $4.50 |', 'Item, Price. Latte, $4.50.'],
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
});
