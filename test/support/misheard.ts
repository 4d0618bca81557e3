import { editDistance } from '../../src/conversation/overlap/editDistance.ts';

/** What the caller's small recogniser may take for something else, of the letters of a sentence. */
export const MISHEARD = 0.35;

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '');

/**
 * Of the letters of `said`, the part that is not anywhere in `heard`: 0 is letter for letter. A small recogniser takes
 * "Goodbye" for "couldn't buy" (0.2 of its sentence); words that were not said at all come to more than 0.5.
 */
export function misheard(said: string, heard: string): number {
  const part = letters(said);
  return part === '' ? 0 : editDistance(part, letters(heard), 'anywhere') / part.length;
}
