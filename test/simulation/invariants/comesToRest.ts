import type { ConversationState } from '../../../src/conversation/state.ts';

/** What still goes on in a conversation that should be at rest; '' for nothing. */
export function unrest({ turn, overlap, reply, floor, unsaid }: ConversationState): string {
  const open = [
    turn.status === 'listening' ? '' : `the turn is ${turn.status}`,
    overlap.status === 'none' ? '' : `the overlap is ${overlap.status}`,
    reply.status === 'idle' ? '' : `the reply is ${reply.status}`,
    floor.status === 'free' ? '' : `the floor is ${floor.status} with ${floor.utterance.id}`,
    unsaid.tasks.length === 0 ? '' : `${unsaid.tasks.length} tasks are unsaid`,
    floor.queue.length === 0 ? '' : `${floor.queue.map(({ id }) => id)} wait`,
  ];
  return open.filter((text) => text !== '').join(', ');
}
