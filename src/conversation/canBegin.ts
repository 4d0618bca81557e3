import type { Utterance } from './floor.ts';
import { spokenText } from './history.ts';
import type { ConversationState } from './state.ts';
import { utteranceOf } from './utteranceOf.ts';

/**
 * The voice begins with a phrase, and a first phrase ends no earlier than at a line's end or at a mark after so many
 * characters; text without any is cut for its length, much later. (It is `tts/clauses.ts` that cuts; here it is enough not
 * to be later than that.)
 */
const PHRASE = /\n|^[\s\S]{17,}[.!?…,;:—。！？，；：]/;
const LONG = 200;

/** Whether the voice can have something to say of it: a reply of which only "Well" is there may still take long. */
export function canBegin({ history, reply }: ConversationState, { id, kind }: Utterance): boolean {
  if (kind !== 'reply' || reply.status !== 'streaming' || utteranceOf(reply.replyId) !== id) return true;
  const text = spokenText(history, id);
  return PHRASE.test(text) || text.length > LONG;
}
