import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { admits } from '../../src/dispatch/roomRules.ts';

const rules = (env: Record<string, string>) => loadConfig(env, { mode: 'start' }).dispatch.rooms;

it.each([
  [{}, 'any', '', true],
  [{ ROOM_PATTERN: 'support-.*' }, 'support-7', '', true],
  // The whole name, or a pattern for one team would let another team's rooms in.
  [{ ROOM_PATTERN: 'support-.*' }, 'no-support-7', '', false],
  [{ ROOM_PATTERN: 'a|b' }, 'bc', '', false],
  [{ ROOM_METADATA: 'agent' }, 'any', '{"agent":true}', true],
  [{ ROOM_METADATA: 'agent' }, 'any', '{"agent":false}', false],
  [{ ROOM_METADATA: 'agent' }, 'any', '', false],
  [{ ROOM_METADATA: 'agent' }, 'any', 'agent', false],
  [{ ROOM_METADATA: 'agent' }, 'any', 'null', false],
  [{ ROOM_METADATA: 'agent=voice' }, 'any', '{"agent":"voice"}', true],
  [{ ROOM_METADATA: 'agent=voice' }, 'any', '{"agent":"chat"}', false],
  [{ ROOM_METADATA: 'level=2' }, 'any', '{"level":2}', true],
  [{ ROOM_METADATA: 'query=a=b' }, 'any', '{"query":"a=b"}', true],
  [{ ROOM_PATTERN: 'x', ROOM_METADATA: 'agent' }, 'y', '{"agent":1}', false],
])('%j admits %s with %s: %s', (env, name, metadata, admitted) => {
  expect(admits(rules(env), { name, metadata })).toBe(admitted);
});

it.each([
  [{ ROOM_PATTERN: '(' }, 'ROOM_PATTERN must be a regular expression'],
  [{ ROOM_METADATA: '=x' }, 'ROOM_METADATA must be key or key=value'],
  [{ REDIS_URL: 'http://host' }, 'REDIS_URL must be a redis or rediss URL'],
  [{ RECONCILE_MS: '10' }, 'RECONCILE_MS must be a whole number'],
])('%j is a problem that is named', (env, problem) => {
  expect(() => rules(env)).toThrow(problem);
});
