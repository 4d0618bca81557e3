import { describe, expect, it } from 'vitest';
import { noticeText } from '../../src/conversation/noticeText.ts';
import { findTask } from '../../src/tasks/findTask.ts';
import { requestKey } from '../../src/tasks/sameRequest.ts';
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

  it('is another for other words, another order or another person', () => {
    const key = requestKey('ann', 'translation', 'French to English');
    expect(requestKey('ann', 'translation', 'English to French')).not.toBe(key);
    expect(requestKey('bob', 'translation', 'French to English')).not.toBe(key);
    expect(requestKey('ann', 'translation', 'French to English, formal')).not.toBe(key);
  });
});

describe('a task asked for by name', () => {
  const plan = aTask({ jobId: 'a', description: 'Business plan for a coffee shop' });
  const older = aTask({ jobId: 'b', description: 'Report on tea' });
  const newer = aTask({ jobId: 'c', description: 'Report on tea' });
  const tasks = [plan, older, newer];

  it('is found by its id first', () => expect(findTask(tasks, 'B')).toBe(older));
  it('is found by some of its words', () => expect(findTask(tasks, 'the coffee shop task')).toBe(plan));
  it('is the newest of equals', () => expect(findTask(tasks, 'tea report')).toBe(newer));
  it('is not guessed', () => {
    expect(findTask(tasks, 'holiday in Spain')).toBeUndefined();
    expect(findTask(tasks, 'the task')).toBeUndefined();
  });
});
