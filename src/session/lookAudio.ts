/**
 * What the local recogniser is given around a stretch of speech: this much of what was before its onset, and this much
 * silence behind, ms. Without the silence it often makes nothing of a word that is cut off in its middle, or something
 * else; behind a whole utterance more of it does harm (`bench/overlap` shows both).
 */
export const LOOK_AUDIO = { leadMs: 20, tailMs: { goingOn: 200, ended: 100 } } as const;
