import type { Handover } from './handover.ts';
import type { HistoryItem } from './history.ts';
import type { ConversationState } from './state.ts';

/** The call as it is at this moment: what was not heard is not in it. */
export function handoverOf(state: ConversationState): Handover {
  const { floor, reply, history, turnsEnded, told } = state;
  const utterances = floor.status === 'free' ? floor.queue : [floor.utterance, ...floor.queue];
  return {
    history: history.flatMap((item) => asHeard(item, floor)),
    unfinished:
      reply.status === 'owed' ||
      reply.status === 'streaming' ||
      reply.status === 'tools' ||
      utterances.some(({ kind }) => kind === 'reply'),
    turns: turnsEnded,
    told,
  };
}

function asHeard(item: HistoryItem, floor: ConversationState['floor']): readonly HistoryItem[] {
  if (item.kind !== 'assistant' || item.status === 'heard') return [item];
  const heard =
    floor.status === 'speaking' && floor.utterance.id === item.utteranceId ? floor.heard.trim() : '';
  return heard === '' ? [] : [{ ...item, text: heard, status: 'heard' }];
}
