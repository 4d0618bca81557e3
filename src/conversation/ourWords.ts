import { spokenText } from './history.ts';
import type { ConversationState } from './state.ts';

/** How many characters before and after the present word count as "around this moment": about 6 s and 2 s of speech. */
const BEFORE = 100;
const AFTER = 40;

/** Words that begin later than this after ours ended do not come from a loudspeaker, ms. */
const ECHO_DELAY_MS = 400;

/** What we are saying around this moment, or have just said: what an echo would consist of. */
export function ourWords({ floor, history, ours, tookFloorAt }: ConversationState): string {
  if (floor.status === 'free') {
    return tookFloorAt <= ours.endedAt + ECHO_DELAY_MS ? ours.text.slice(-BEFORE) : '';
  }
  const { utterance } = floor;
  const text = utterance.kind === 'notice' ? utterance.text : spokenText(history, utterance.id);
  const heard = floor.status === 'speaking' ? floor.heard.length : 0;
  const before = `${ours.text} ${text.slice(0, heard)}`.slice(-BEFORE);
  return before + text.slice(heard, heard + AFTER);
}
