import { expect, it } from 'vitest';
import { closeAll } from '../../src/library/closeAll.ts';
import { createLinesLogger } from '../support/linesLogger.ts';

it('closes everything, the last first, whatever cannot be closed', async () => {
  const closed: string[] = [];
  const log = createLinesLogger();
  const closers = ['recogniser', 'agent', 'room'].map((name) => async () => {
    closed.push(name);
    if (name !== 'recogniser') throw new Error(`${name} is stuck`);
  });
  await closeAll(closers, log);
  expect(closed).toEqual(['room', 'agent', 'recogniser']);
  expect(log.lines).toHaveLength(2);
});
