import { READING } from '../reading.ts';

/** The usual first sentence of an answer; short, because a bench waits for its end. */
export const ANSWER = 'Here is what I found.';

export const GREETING = 'Hello! How can I help you today?';

/** Long enough for many sounds of a listener. */
export const LONG_READING =
  `${READING} In these houses traders met, newspapers were read aloud, and a cup cost a single penny. ` +
  'The Dutch carried seedlings to Java, and a French officer is said to have shared his water with a plant at sea. ' +
  'Brazil began with a few beans hidden in a bunch of flowers, and within a hundred years it grew more than anybody. ' +
  'Espresso came from Turin, where an engineer pressed steam through the grounds to serve hurried guests. ' +
  'Instant powder followed, then paper filters, invented by a housewife in Dresden with a page of blotting paper. ' +
  'Today some two billion cups are drunk every day, and most of the farms that grow them are smaller than a park.';
