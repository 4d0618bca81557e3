import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessPlan } from '../../src/offline/doubleword/document/businessPlan.ts';
import { report } from '../../src/offline/doubleword/document/report.ts';
import { findSection, summarySection } from '../../src/tasks/results/findSection.ts';
import { caughtUp, passage, unread } from '../../src/tasks/results/reading.ts';
import { resultDocument } from '../../src/tasks/results/resultDocument.ts';
import { scriptOf } from '../../src/tasks/results/script.ts';

const titles = (markdown: string) => resultDocument(markdown).sections.map(({ title }) => title);

describe('a result in sections', () => {
  it.each([
    ['hashes', '# T\n\n## One\na\n\n### Deeper\nb\n\n## Two #\nc', ['One', 'Two']],
    ['several of the first level', '# One\na\n# Two\nb\n## Deeper\nc', ['One', 'Two']],
    ['underlines', 'One\n===\na\n\nTwo\n===\nb', ['One', 'Two']],
    ['bold lines', '**One**\na\n\n**Two:**\nb', ['One', 'Two']],
    ['numbers', '## 1. One\na\n## 2.1) Two\nb', ['One', 'Two']],
    ['markup in titles', '## **One** `x`\na\n## [Two](http://x.y)\nb', ['One x', 'Two']],
    ['an opening', '# T\nHello.\n## One\na\n## Two\nb', ['Beginning', 'One', 'Two']],
    ['no headings', 'Just one paragraph.', ['The whole text']],
    ['a heading in code', '## One\n```\n## no\n```\n## Two\nb', ['One', 'Two']],
    ['windows lines', '## One\r\na\r\n## Two\r\nb', ['One', 'Two']],
    ['nothing', '', []],
  ])('by %s', (_what, markdown, expected) => {
    expect(titles(markdown)).toEqual(expected);
  });

  it('without headings is cut between paragraphs', () => {
    const text = Array.from({ length: 9 }, () => 'word '.repeat(50)).join('\n\n');
    expect(titles(text)).toEqual(['Part 1', 'Part 2', 'Part 3']);
  });

  it('loses no word of whatever text', () => {
    const piece = fc.constantFrom(
      '# a1',
      '## b2',
      '### c3',
      '**d4**',
      'e5 f6.',
      '',
      '- g7',
      '| h8 | i9 |',
      'j10\n===',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (lines) => {
        const markdown = lines.join('\n');
        const { title, sections } = resultDocument(markdown);
        const kept = [title, ...sections.flatMap((one) => [one.isTitled ? one.title : '', one.text])].join(
          '\n',
        );
        const words = (text: string) => text.match(/[a-j]\d+/g) ?? [];
        expect(words(kept)).toEqual(words(markdown));
      }),
    );
  });
});

describe('a section by its name', () => {
  const script = scriptOf(businessPlan('coffee shop'));
  const named = (wanted: string) => script.sections[findSection(script, wanted) ?? -1]?.title;

  it.each([
    ['marketing', 'Marketing'],
    ['the marketing part', 'Marketing'],
    ['market', 'Market'],
    ['what it says about the risk', 'Risks'],
    ['Next steps', 'Next steps'],
    ['3', 'Market'],
    ['the third section', 'Market'],
    ['section two', 'Concept'],
    ['the last section', 'Next steps'],
    ['astronomy', undefined],
    ['12', undefined],
  ])('%s', (wanted, title) => {
    expect(named(wanted)).toBe(title);
  });

  it('is none where two fit equally', () => {
    expect(findSection(scriptOf('## Tea in Spain\na\n## Tea in France\nb'), 'tea')).toBeUndefined();
  });

  it('knows which one sums up', () => {
    expect(summarySection(script)).toBe(0);
    expect(summarySection(scriptOf('## A\nx\n## Executive Summary\ny'))).toBe(1);
  });
});

describe('the place in a result', () => {
  const scripts = [scriptOf(businessPlan('tea shop')), scriptOf(report('whales'))];
  const anyScript = fc.constantFrom(...scripts);
  const text = (script: (typeof scripts)[number], from: number, to: number) =>
    script.lines
      .slice(from, to)
      .map((line) => line.text)
      .join(' ');

  it('passages cover all of it, in order, without leaping into the next section', () => {
    for (const script of scripts) {
      let at = 0;
      for (let rounds = 0; at < script.lines.length; rounds++) {
        const { from, to } = passage(script, at);
        expect(from).toBe(at);
        expect(to).toBeGreaterThan(at);
        expect(script.sections.filter((one) => one.from > from && one.from < to)).toEqual([]);
        expect(rounds).toBeLessThan(60);
        at = to;
      }
    }
  });

  it('wherever the reading is cut, it goes on with the first sentence that was not heard whole', () => {
    fc.assert(
      fc.property(anyScript, fc.nat(1_000), fc.nat(1_000), (script, start, cutAt) => {
        const from = start % script.lines.length;
        const { to } = passage(script, from);
        const last = { callId: 'c', turn: 1, from, to, next: to };
        const words = text(script, from, to).split(' ');
        const heard = words.slice(0, cutAt % (words.length + 1));
        const { position } = caughtUp({ position: 0, last }, script, [heard.join(' '), 'Okay.'], 2);
        let whole = from;
        for (let count = 0; whole < to; whole++) {
          count += script.lines[whole]?.words ?? 0;
          if (count > heard.length) break;
        }
        // A sentence that lacks a word or two of its end counts as heard; none is ever skipped.
        expect(position).toBeGreaterThanOrEqual(whole);
        const missing =
          script.lines.slice(whole, position).reduce((sum, line) => sum + line.words, 0) +
          countTo(script, from, whole) -
          heard.length;
        expect(missing).toBeLessThanOrEqual(2);
      }),
      { numRuns: 400 },
    );
  });

  const countTo = (script: (typeof scripts)[number], from: number, to: number) =>
    script.lines.slice(from, to).reduce((sum, line) => sum + line.words, 0);

  const [script] = scripts;
  if (!script) throw new Error('no script');
  const { to } = passage(script, 0);
  const last = { callId: 'c', turn: 1, from: 0, to, next: to };

  it('a retelling in other words counts for what it retells, a short one does not', () => {
    const retold = 'In a nutshell it says that the shop can make money soon, '.repeat(6);
    expect(caughtUp({ position: 0, last }, script, [retold], 2).position).toBe(to);
    expect(caughtUp({ position: 0, last }, script, ['Okay, I am listening.'], 2).position).toBe(0);
  });

  it('words between the sentences do no harm', () => {
    const heard = `Sure. Here it comes. ${text(script, 0, to)} Shall I go on?`;
    expect(caughtUp({ position: 0, last }, script, [heard], 2).position).toBe(to);
  });

  it('a second part in the same turn follows the first, which is still being said', () => {
    expect(caughtUp({ position: 0, last }, script, [''], 1).position).toBe(to);
  });

  it('another call that knows nothing of what was heard begins the last part anew', () => {
    expect(caughtUp({ position: 9, last: { ...last, from: 5 } }, script, undefined, 1).position).toBe(5);
    expect(caughtUp(unread, script, undefined, 1)).toBe(unread);
  });
});
