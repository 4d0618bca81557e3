import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeText, toldBy } from '../../src/conversation/noticeText.ts';
import { findTask } from '../../src/tasks/findTask.ts';
import { requestKey } from '../../src/tasks/sameRequest.ts';
import type { Task } from '../../src/tasks/taskRecord.ts';
import { aTask } from './aTask.ts';

describe('the notice', () => {
  it('of a completed task, word for word', () => {
    expect(noticeText({ description: 'coffee shop plan', status: 'completed' })).toBe(
      "Your task 'coffee shop plan' is ready. Would you like me to read the results?",
    );
  });

  it.each(['failed', 'expired', 'cancelled'] as const)('of a task that has %s, word for word', (status) => {
    expect(noticeText({ description: 'report', status })).toBe(
      `Sorry, your task 'report' has ${status}. Would you like me to try again?`,
    );
  });

  it('of what ended before the caller came says so, and comes first', () => {
    const done = (description: string, whileAway: boolean) =>
      ({ description, status: 'completed', whileAway }) as const;
    expect(noticeText(done('plan', true))).toBe(
      "While you were away, your task 'plan' finished. Would you like me to read the results?",
    );
    expect(noticeText([done('a', true), done('b', true)])).toBe(
      "While you were away, your tasks 'a' and 'b' finished. Would you like me to read the results?",
    );
    const mixed = [
      done('c', false),
      done('a', true),
      { description: 'd', status: 'failed', whileAway: true },
      { description: 'e', status: 'failed' },
    ];
    const said =
      "While you were away, your task 'a' finished. Your task 'c' is ready. Would you like me to read the results? Sorry, your task 'd' has failed while you were away. Would you like me to try again? Sorry, your task 'e' has failed. Would you like me to try again?";
    expect(noticeText(mixed)).toBe(said);
    const toldUpTo = (words: string) =>
      toldBy(said.slice(0, said.indexOf(words) + words.length), mixed).map(({ description }) => description);
    expect(toldUpTo('finished.')).toEqual(['a']);
    expect(toldUpTo("'c' is ready.")).toEqual(['a', 'c']);
    expect(toldUpTo('while you were away. Would')).toEqual(['a', 'c', 'd']);
    expect(toldUpTo("'e' has failed.")).toEqual(['a', 'c', 'd', 'e']);
  });

  it('of several tasks is one breath', () => {
    const done = (description: string) => ({ description, status: 'completed' }) as const;
    expect(noticeText([done('a'), { description: 'd', status: 'failed' }, done('b'), done('c')])).toBe(
      "Your tasks 'a', 'b' and 'c' are ready. Would you like me to read the results? Sorry, your task 'd' has failed. Would you like me to try again?",
    );
  });
});

describe('the same request', () => {
  it('is the same whatever its case, punctuation and spacing', () => {
    expect(requestKey('ann', 'Business plan', 'Write it!\nNow.')).toBe(
      requestKey('ann', 'business  plan.', 'write it, now'),
    );
  });

  it.each([
    ['coffee shop business plan', 'Business plan for a coffee shop'],
    ['Create a business plan, please.', 'Please write the business plan'],
    ['A report on tea and an essay about bees', 'An essay about bees, and a report on tea'],
    ['1,000 words', '1000 words'],
    ['I need a plan for my bakery', 'Can you make me a plan for the bakery?'],
  ])('is the same for %j and %j', (a, b) => {
    expect(requestKey('ann', 'x', a)).toBe(requestKey('ann', 'x', b));
    expect(requestKey('ann', a, 'x')).toBe(requestKey('ann', b, 'x'));
  });

  it.each([
    ['translate from French to English', 'translate from English to French'],
    ['why cats hate dogs', 'why dogs hate cats'],
    ['report on C', 'report on C++'],
    ['report on C', 'report on C#'],
    ['a budget of 1.5 million', 'a budget of 15 million'],
    ['at -5 degrees', 'at 5 degrees'],
    ['a budget of $5', 'a budget of €5'],
    ['the US market', 'the market'],
    ['a life of Will Smith', 'a life of Smith'],
    ['2 pages with 3 charts', '3 pages with 2 charts'],
    ['with sugar', 'without sugar'],
    ['a report on Spain and a plan for Italy', 'a report on Italy and a plan for Spain'],
    ['first the budget, then the plan', 'first the plan, then the budget'],
    ['French to English', 'French to English, formal'],
  ])('is another for %j and %j', (a, b) => {
    expect(requestKey('ann', 'x', a)).not.toBe(requestKey('ann', 'x', b));
    expect(requestKey('ann', a, 'x')).not.toBe(requestKey('ann', b, 'x'));
  });

  it('is another for another person', () => {
    expect(requestKey('bob', 'a', 'b')).not.toBe(requestKey('ann', 'a', 'b'));
  });

  it('never depends on what is no word, and never equals a longer one', () => {
    const word = fc.stringMatching(/^[b-z]{3,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 9 }), word, (words, extra) => {
        const text = words.join(' ');
        expect(requestKey('a', text, '')).toBe(requestKey('a', `  ${text.toUpperCase()}!! `, ''));
        expect(requestKey('a', `${text} x${extra}`, '')).not.toBe(requestKey('a', text, ''));
      }),
    );
  });
});

describe('a task asked for by name', () => {
  const plan = aTask({ jobId: 'a0000001', description: 'Business plan for a coffee shop' });
  const older = aTask({ jobId: 'b0000001', description: 'Report on tea' });
  const newer = aTask({ jobId: 'c0000001', description: 'Report on tea' });
  const milk = aTask({ jobId: 'd0000001', description: 'Report on milk' });
  const tasks = [plan, older, newer, milk];
  const one = (task: Task) => ({ kind: 'one', task });

  it.each([
    ['its id', 'B0000001', older],
    ['the beginning of its id', 'b00000', older],
    ['some of its words', 'the coffee shop task', plan],
    ['words in another form and a letter wrong', 'the bussiness plans', plan],
    ['words that several share, as the newest of equals', 'tea report', newer],
    ['being the latest', 'the last one', milk],
  ])('is found by %s', (_how, wanted, task) => {
    expect(findTask(tasks, wanted)).toEqual(one(task));
  });

  it('is the only one there is, whatever it is called', () => {
    expect(findTask([plan], 'my task')).toEqual(one(plan));
    expect(findTask([plan], 'the holiday in Spain')).toEqual({ kind: 'none' });
  });

  it('is not guessed', () => {
    expect(findTask(tasks, 'holiday in Spain')).toEqual({ kind: 'none' });
    expect(findTask(tasks, 'the report')).toEqual({ kind: 'several', tasks: [newer, milk] });
    expect(findTask(tasks, 'the task')).toMatchObject({ kind: 'several' });
  });
});
