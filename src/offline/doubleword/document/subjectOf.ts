/** What a request is about, so that a document can be written around it. */
export interface Subject {
  /** `coffee shop`: lower case as the user wrote it, without article. */
  readonly name: string;
  readonly kind: 'businessPlan' | 'report';
}

const BUSINESS_PLAN = /\bbusiness[- ]plans?\b/i;
const ABOUT =
  /\b(?:for|about|on|of|regarding|concerning|into)\s+(?:(?:a|an|the|my|our|their|his|her|new|small)\s+)*/i;
const REQUEST =
  /^(?:please\s+|could you\s+|can you\s+)?(?:create|write|make|prepare|draft|produce|generate|compile|do|research|analyse|analyze|explain)\s+(?:(?:me|us)\s+)?(?:(?:a|an|the|some|detailed|comprehensive|full|complete|long|short)[\s,]+)*/i;
const MAX_WORDS = 7;

export function subjectOf(prompt: string): Subject {
  const kind = BUSINESS_PLAN.test(prompt) ? 'businessPlan' : 'report';
  const sentence = firstSentence(prompt, kind);
  const about = ABOUT.exec(sentence);
  const rest = about ? sentence.slice(about.index + about[0].length) : sentence.replace(REQUEST, '');
  const phrase =
    rest.split(/[,;:()\n"]|\s(?:with|including|that|which|covering|and include|in about|in under)\s/i)[0] ??
    '';
  const words = phrase
    .replace(/[*_#`]/g, '')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, MAX_WORDS);
  const name = words
    .join(' ')
    .replace(/[.!?'’]+$/, '')
    .replace(BUSINESS_PLAN, '')
    .trim();
  return { name: name || (kind === 'businessPlan' ? 'new business' : 'question'), kind };
}

function firstSentence(prompt: string, kind: Subject['kind']): string {
  const sentences = prompt
    .trim()
    .split(/(?<=[.!?])\s+|\n+/)
    .filter(Boolean);
  const telling = kind === 'businessPlan' ? sentences.find((one) => BUSINESS_PLAN.test(one)) : sentences[0];
  const sentence = telling ?? '';
  const plan = BUSINESS_PLAN.exec(sentence);
  return plan && ABOUT.test(sentence.slice(plan.index))
    ? sentence.slice(plan.index + plan[0].length)
    : sentence;
}
