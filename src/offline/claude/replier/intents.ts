const INTERRUPTION =
  /^((no|ok|okay|please|hey|oh|um|uh|sorry|thank you|thanks|claude|assistant) )*(stop|wait|hold on|hang on|hold up|pause|shut up|be quiet|quiet|enough|thats enough|calm down|slow down|one moment|just a (second|moment|minute)|one second|give me a (second|moment|minute))\b( (it|that|this|there|please|now|talking|reading|a (second|moment|minute)|stop|wait|for))*/;
const FILLERS = /^((um|uh|er|well|so|and|actually|okay|ok|now|hey|please|oh|then) )+/;

/** The words after "stop", "wait" and the like; undefined when the text does not begin with them. */
export function afterInterruption(folded: string): string | undefined {
  const match = INTERRUPTION.exec(folded);
  return match ? folded.slice(match[0].length).trim() : undefined;
}

/** Without the words that people begin with while they think. */
export function withoutFillers(folded: string): string {
  return folded.replace(FILLERS, '') || folded;
}

export function wantsRepetition(folded: string): boolean {
  return /\b(repeat|say (that|it) again|come again|pardon|what did you (just )?say|once more|(didnt|did not|couldnt) (hear|catch|get) (that|you|it))\b/.test(
    folded,
  );
}

export function wantsStatus(folded: string): boolean {
  if (/\b(status|progress)\b/.test(folded)) return true;
  const work = 'tasks?|jobs?|plans?|planned|report|essay|research|analysis|document|work|batch|it|that';
  return [
    `\\bhow(s| is| are| was| about)? .*\\b(${work})\\b.*\\b(going|doing|coming|getting|along)\\b`,
    `\\bhow(s| is| are) (my|the|that|our) (\\w+ )?(${work})\\b`,
    `\\bwhat (about|happened to|is happening with) (my|the|that) .*\\b(${work})\\b`,
    `\\b(is|are|has|have) (my|the|that|it|this|our)\\b.*\\b(ready|done|finished|complete|completed)\\b`,
    `\\b(check|look at|look up) (on )?(my|the) .*\\b(${work})\\b`,
    `\\bare you (done|finished)\\b`,
    `\\b(any|what|which) (tasks|jobs)\\b`,
  ].some((pattern) => new RegExp(pattern).test(folded));
}

/** "Read" is often heard as "red" or "reed". */
export function wantsReading(folded: string): boolean {
  if (/\b(story|tale)\b/.test(folded)) return false;
  return (
    /\b(read|reads|reed|red|hear|play|see|get|show|tell|give)\b.*\b(results?|it (out|to me|aloud)|outcome)\b/.test(
      folded,
    ) ||
    /\b(read|reads|reed|red)\b (it|them|that|this|me|the|my|out|to|please)\b|^(please )?read$|\bread (it|please)$/.test(
      folded,
    ) ||
    /\bwhat (are|were|is|was) the results?\b|\bwhat did (it|they) (say|find|write)\b/.test(folded)
  );
}

export function wantsMore(folded: string): boolean {
  return /^(yes |yeah |please |ok |okay |sure |no |sorry )*(go on|go ahead|continue|keep (going|reading|talking)|carry on|proceed|resume|next( part| one)?|more|and then|what else|tell me more|read on|read more|dont stop|the rest|read the rest)\b/.test(
    folded,
  );
}

export function isYes(folded: string): boolean {
  return /^(oh )?(yes|yeah|yep|yup|sure|please|okay|ok|of course|absolutely|certainly|definitely|do it|do that|go ahead|all right|alright|right|id love to|i would|sounds good)\b( (yes|yeah|please|do|sure|thanks|thank you|you can|of course|go ahead|do it|id like that|i would|that would be (great|nice|good)))*$/.test(
    folded,
  );
}

export function isNo(folded: string): boolean {
  return /^(oh )?(no|nope|nah|not now|not yet|never mind|nevermind|later|maybe later|dont)\b( (no|thanks|thank you|not now|not yet|im fine|i am fine|later|its fine|please|need|really|its okay))*$/.test(
    folded,
  );
}

/** A sound that says "I am listening". */
export function isBackchannel(folded: string): boolean {
  return /^((m+|m+h+m+|mhm|h+m+|uh|huh|uh huh|aha|ah|oh|um|mm hmm|mm|i see|right|got it) ?)+$/.test(folded);
}
