import { describe, expect, it } from 'vitest';
import { joinTranscripts, stripCutMark } from '../../src/stt/joinTranscripts.ts';
import { RetryBudget } from '../../src/stt/retryBudget.ts';
import { StalePartialFilter } from '../../src/stt/stalePartial.ts';

describe('joinTranscripts', () => {
  it.each([
    ['The quick brown fox jump-', '... over the lazy dog.', 'The quick brown fox jump over the lazy dog.'],
    ['the fox jump-', 'ed over', 'the fox jumped over'],
    ['I see.', 'Go on.', 'I see. Go on.'],
    ['', 'Go on.', 'Go on.'],
    ['I see.', '', 'I see.'],
    ['a twenty-one', 'year old', 'a twenty-one year old'],
    ['well', '… maybe', 'well maybe'],
    ['', '', ''],
  ])('%j + %j → %j', (before, after, joined) => {
    expect(joinTranscripts(before, after)).toBe(joined);
  });

  it('leaves hyphens inside a text alone', () => {
    expect(stripCutMark('A well-known face')).toBe('A well-known face');
  });
});

describe('RetryBudget', () => {
  it('doubles its waits up to the bound, gives up, and starts anew after a success', () => {
    const budget = new RetryBudget({ baseMs: 100, maxMs: 300, attempts: 3 }, () => 1);
    expect([budget.next(), budget.next(), budget.next(), budget.next()]).toEqual([100, 200, 300, undefined]);
    budget.reset();
    expect(budget.next()).toBe(100);
  });

  it('waits at least half of each step', () => {
    expect(new RetryBudget({ baseMs: 100, maxMs: 300, attempts: 3 }, () => 0).next()).toBe(50);
  });
});

describe('StalePartialFilter', () => {
  it('drops echoes and beginnings of the committed text for a short time only', () => {
    const filter = new StalePartialFilter(250);
    filter.committed('Hi, I am Alex.', 1000);
    expect(filter.isStale('hi I am', 1040)).toBe(true);
    expect(filter.isStale('Hi, I am Al', 1040)).toBe(true);
    expect(filter.isStale('Hi there', 1040)).toBe(false);
    expect(filter.isStale('Hi, I am Alex.', 1500)).toBe(false);
  });
});
