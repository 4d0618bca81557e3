import { readBackchannels } from './backchannelReading.ts';
import { words } from './words.ts';

/** Is all of this text plain backchannels, as they are written: "Yeah, I see."? What may be misheard ones is not. */
export function isBackchannel(text: string): boolean {
  return readBackchannels(words(text)).whole;
}
