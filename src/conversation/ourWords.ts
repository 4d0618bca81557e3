import { spokenText } from './history.ts';
import type { ConversationState } from './state.ts';

/** How many characters before and after the present word count as "around this moment": about 6 s and 2 s of speech. */
const BEFORE = 100;
const AFTER = 40;

/** A loudspeaker brings our last words back for a moment after they ended, ms. */
const ECHO_TAIL_MS = 1_500;

/** What we are saying around this moment, or have just said: what an echo would consist of. */
export function ourWords({ floor, history, ours }: ConversationState, at: number): string {
  if (floor.status === 'free') return at - ours.endedAt <= ECHO_TAIL_MS ? ours.text.slice(-BEFORE) : '';
  const { utterance } = floor;
  const text = utterance.kind === 'notice' ? utterance.text : spokenText(history, utterance.id);
  const heard = floor.status === 'speaking' ? floor.heard.length : 0;
  const before = `${ours.text} ${text.slice(0, heard)}`.slice(-BEFORE);
  return before + text.slice(heard, heard + AFTER);
}
