import { expect, it } from 'vitest';
import { inTurn } from '../../src/tasks/inTurn.ts';

/** Something that ends when it is told to. */
function open<T>(value: T) {
  let end: () => void = () => {};
  const done = new Promise<T>((resolve) => {
    end = () => resolve(value);
  });
  return { done, end };
}

it('what is to be done to one thing waits for what came before, and nothing else does', async () => {
  const doInTurn = inTurn();
  const order: string[] = [];
  const first = open('first');
  const begun = doInTurn('a', () => first.done);
  const second = doInTurn('a', async () => order.push('second'));
  await doInTurn('b', async () => order.push('other'));
  first.end();
  expect(await begun).toBe('first');
  await second;
  expect(order).toEqual(['other', 'second']);
});

it('what fails is told to whoever asked for it, and holds nobody up', async () => {
  const doInTurn = inTurn();
  const failing = doInTurn('a', () => Promise.reject(new Error('no')));
  const next = doInTurn('a', async () => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
});
