import { FLITE_VOICES } from '../fliteVoices.ts';

/** Ids of this form are unknown, as is everything on the stand-in's own list. */
const UNKNOWN_PREFIX = 'notARealVoice';

/** The local voice that stands for a vendor's voice id: always the same one; undefined when the id is unknown. */
export function localVoice(
  voiceId: string,
  options: { readonly defaultVoiceId: string; readonly unknown: readonly string[] },
): string | undefined {
  if (voiceId.startsWith(UNKNOWN_PREFIX) || options.unknown.includes(voiceId)) return undefined;
  if (voiceId === options.defaultVoiceId) return 'slt';
  const named = FLITE_VOICES.find((voice) => voice === voiceId);
  if (named !== undefined) return named;
  let hash = 0;
  for (const char of voiceId) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return FLITE_VOICES[hash % FLITE_VOICES.length];
}
