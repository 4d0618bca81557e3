import { expect, it } from 'vitest';
import { judgeRoom } from '../../src/dispatch/judgeRoom.ts';
import type { ListedParticipant } from '../../src/room/roomDirectory.ts';

const one = (sid: string, kind: ListedParticipant['kind'] = 'person', active = true) => ({
  identity: sid,
  sid,
  kind,
  active,
});
const judge = (participants: ListedParticipant[], served?: string[]) =>
  judgeRoom({ name: 'den', sid: 'RM_1', metadata: '', participants }, served && new Set(served));

it.each([
  ['nobody', [], undefined, 'empty'],
  ['a recorder alone', [one('egress', 'other')], undefined, 'empty'],
  ['an agent alone', [one('bot', 'agent')], undefined, 'empty'],
  ['a person', [one('ada')], undefined, 'call'],
  ['a person who is still connecting', [one('ada', 'person', false)], undefined, 'call'],
  ['a person and a recorder', [one('ada'), one('egress', 'other')], undefined, 'call'],
  ['a person and any agent', [one('ada'), one('bot', 'agent')], undefined, 'attended'],
  ['only people who had their call', [one('ada')], ['ada'], 'served'],
  ['somebody new beside them', [one('ada'), one('bob')], ['ada'], 'call'],
  ['somebody who came after a call found nobody', [one('ada')], [], 'call'],
  // Otherwise an agent would come and go for as long as their connection fails.
  ['somebody still connecting after a call found nobody', [one('ada', 'person', false)], [], 'served'],
] as const)('%s → %s', (_name, participants, served, verdict) => {
  expect(judge([...participants], served && [...served])).toBe(verdict);
});
