import { fold } from './fold.ts';

export interface Work {
  /** A few words for `task_description`: "business plan for a coffee shop". */
  readonly topic: string;
  readonly prompt: string;
}

const NOUN =
  /\b((?:business|marketing|project|training|meal|lesson|travel|sales|study|strategic) plan|report|analysis|essay|proposal|strategy|white paper|article|thesis|presentation|itinerary|comparison|study|guide|(?:long )?document|(?:research )?paper|summary|overview|blog post|newsletter|cover letter|pitch deck|plan|research)\b/;
const REQUEST =
  /\b(create|creates|created|(great|grade) (a|me)|make|write|right|rite|prepare|draft|do (a|an|some|me|the)|generate|produce|need|want|wants|(would|id) like|build|develop|put together|work on|compile|(get|give) me an?|help me|start|can you|could you|would you|please)\b/;
const DEED = /\b(research|analy[sz]e|investigate|compare)\b (.+)/;
const DEED_NOUNS: Readonly<Record<string, string>> = {
  research: 'research on',
  analyse: 'analysis of',
  analyze: 'analysis of',
  investigate: 'investigation of',
  compare: 'comparison of',
};
const QUESTION = /^(what|whats|who|whos|how|why|when|where|which|is|are|did|does|was|have you|has) /;
const REFUSAL = /\b(dont|do not|never|cancel|without|tell me about)\b/;
const TRAILING =
  /( (please|for me|thanks|thank you|now|today|right away|when you can|if you can|will you|and (tell|let|call|notify|ring) me.*|and (read|send) .*))+$/;

/** The piece of work that the caller asks for, or nothing when the words ask for something else. */
export function workRequested(said: string): Work | undefined {
  // What recognisers make of "business plan".
  const folded = fold(said).replace(
    /\b(busy ?ness|business|businesss) (plans?|planned|plane|planet|land|pan)\b/g,
    'business plan',
  );
  if (QUESTION.test(`${folded} `) || REFUSAL.test(folded)) return undefined;
  const topic = topicOf(folded);
  if (!topic) return undefined;
  return { topic, prompt: promptFor(topic, said.trim()) };
}

function topicOf(folded: string): string | undefined {
  const noun = NOUN.exec(folded);
  const deed = DEED.exec(folded);
  const deedObject = deed?.[2] && !/^(on|into|about|for|paper)\b/.test(deed[2]) ? deed : undefined;
  if (deedObject && (!noun || deedObject.index <= noun.index)) {
    return tidy(`${DEED_NOUNS[deedObject[1] ?? ''] ?? 'research on'} ${deedObject[2] ?? ''}`);
  }
  if (!noun) return undefined;
  const before = folded.slice(0, noun.index);
  const isAsked = REQUEST.test(before) || REQUEST.test(folded.slice(noun.index + noun[0].length));
  const opens =
    /^((a|an|the|some|another|one|new|detailed|long|short|full|complete|ok|okay|so|now|um|uh|and|then) )*$/.test(
      before,
    );
  return isAsked || opens ? tidy(folded.slice(noun.index)) : undefined;
}

function tidy(topic: string): string {
  return topic.replace(TRAILING, '').trim();
}

function promptFor(topic: string, said: string): string {
  return [
    `Write a thorough, well-structured ${topic}.`,
    `It was asked for in a phone call in these words, taken down by speech recognition: "${said}".`,
    'Cover what a reader would expect, in sections with short headings, and state reasonable assumptions where facts are missing.',
    'Begin with a summary of two or three sentences, and write so that it can also be read aloud.',
  ].join(' ');
}

/** "the business plan for a coffee shop": a description in the middle of a sentence. */
export function theTask(description: string): string {
  const bare = description
    .trim()
    .replace(/[.!?]+$/, '')
    .replace(/^(a|an) /i, '');
  if (bare === '') return 'your task';
  const first = /^[A-Z][a-z]/.test(bare) ? bare.charAt(0).toLowerCase() + bare.slice(1) : bare;
  return /^(the|my|your|our|research|some) ?\b/i.test(first) ? first : `the ${first}`;
}
