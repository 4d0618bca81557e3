import type { Item } from './transcript.ts';

const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [
    /\bwhat (can|could|do) you (do|help)|\bhow can you help|\bwhat are you able\b/,
    'I can answer small questions, tell you about the history of coffee, and start long work such as a business plan in the background.',
  ],
  [
    /\bwho are you|\bwhats your name|\bwhat is your name|\bwhat are you\b|\bare you (a |an )?(real|human|robot|person|machine|claude|computer)/,
    'I am your voice assistant. Right now I run on the offline stand-in for Claude.',
  ],
  [
    /\bhow are you|\bhow do you do|\bhow is it going$|\bhows it going$/,
    'I am very well, thank you. How can I help you?',
  ],
  [/\b(can|do) you hear me|\bare you (still )?there|^testing\b/, 'Yes, I can hear you well.'],
  [/\b(joke|make me laugh)\b/, 'Why did the coffee file a police report? Because it got mugged.'],
  [
    /\bwhat time\b|\bwhats the time|\bwhat day is (it|today)|\bwhats the date|\bwhat is the date|\bwhats today/,
    'I am afraid I cannot see a clock or a calendar from here.',
  ],
  [/\bweather|\bforecast|\braining\b/, 'I am afraid I cannot look up the weather.'],
  [/\bsing\b/, 'I would love to, but nobody should have to hear me sing.'],
  [/\b(thanks|thank you|thank|cheers)\b/, 'You are welcome.'],
  [/^(oh )?(sorry|i am sorry|im sorry|excuse me)\b/, 'No problem at all.'],
  [
    /\b(great|good|nice|perfect|wonderful|excellent|cool|awesome|amazing|interesting|fantastic|very good|well done)$/,
    'I am glad. What else can I do for you?',
  ],
];

/** Pleasantries: checked after everything that asks for something. */
export function smallTalk(folded: string, items: readonly Item[]): string | undefined {
  const name = /\b(?:my name is|my names|call me) (\w+)/.exec(folded)?.[1];
  if (name) return `Nice to meet you, ${name.charAt(0).toUpperCase()}${name.slice(1)}.`;
  const known = ANSWERS.find(([pattern]) => pattern.test(folded))?.[1];
  if (known) return known;
  if (!/^(oh |well )?(hello|hallo|hullo|hi|hey|good (morning|afternoon|evening|day))\b/.test(folded))
    return undefined;
  const isFirst = !items.some((item) => item.kind === 'agent');
  return isFirst ? 'Hello! How can I help you today?' : 'Hello again! What can I do for you?';
}

export function isGoodbye(folded: string): boolean {
  return /\b(good ?(bye|buy|by)|bye( bye)?|farewell|see you( later| soon| tomorrow)?$|talk to you later|hang up)\b/.test(
    folded,
  );
}

const UNKNOWN = [
  'I am the offline stand-in for Claude, so I only know a few things, and that is not one of them.',
  'Sorry, that is beyond me. Without a key for Claude I can only answer simple questions.',
  'I do not know that one. You could ask me for the capital of a country, or for a business plan.',
  'I am only a stand-in, and I am afraid I have no answer to that.',
];

/** An honest answer to what is not known here, in other words each time. */
export function unknown(turn: number): string {
  return UNKNOWN[turn % UNKNOWN.length] ?? '';
}
