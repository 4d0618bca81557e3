import { expect, it } from 'vitest';
import { type LeftCalls, readReloadMessage, toCalls } from '../../src/cli/reload.ts';
import { nothingKept } from '../../src/conversation/handover.ts';

it('calls survive the way from one process to the next, with what was said in them', () => {
  const left: LeftCalls = new Map([
    ['den', { ...nothingKept, history: [{ kind: 'user', text: 'Hello?' }], unfinished: true, turns: 3 }],
    ['attic', { ...nothingKept, told: ['job-1'] }],
  ]);
  const wire: unknown = JSON.parse(JSON.stringify({ type: 'begin', calls: toCalls(left) }));
  const message = readReloadMessage(wire);
  expect(message?.type === 'begin' && new Map(message.calls)).toEqual(left);
});

it.each([
  ['another parent’s message', { type: 'shutdown' }],
  ['no object', 'begin'],
  ['nothing', undefined],
  ['calls that are none', { type: 'begin', calls: [['den', { history: 'all of it' }]] }],
])('is not misled by %s', (_, message) => {
  expect(readReloadMessage(message)).toBeUndefined();
});
