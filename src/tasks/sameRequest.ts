/** Words of a text without case, punctuation and spacing, in their order: "French to English" is not its reverse. */
export function normalisedWords(text: string): string {
  return wordsOf(text).join(' ');
}

/**
 * Equal for requests that ask for the same work for the same person, whatever their case, punctuation, politeness, articles,
 * and the order of their sentences and list items. Within a phrase the order of words counts: it may be the whole
 * difference. What is in doubt is another request, because a different task must never be held back.
 */
export function requestKey(owner: string, description: string, prompt: string): string {
  return JSON.stringify([owner, meaning(description), meaning(prompt)]);
}

/** Say nothing about what is wanted. */
const EMPTY_WORDS = new Set(['a', 'an', 'the', 'please', 'kindly', 'my', 'our']);
/** How requests of any kind begin. */
const ASKING =
  /^(?:(?:(?:i|we) (?:want|need|would like)|(?:id|wed) like|(?:can|could|would|will) you)(?: to)? )?(?:(?:create|write|make|prepare|draft|produce|generate|give|get) (?:(?:me|us) )?)?(?=\S)/;
/** "A plan for a shop" is "a shop plan". */
const OF = new Set(['of', 'for', 'about', 'on']);
/** Longest phrase on either side of such a word that is turned round. */
const TURNED = 3;

function meaning(text: string): readonly string[] {
  const phrases = text
    .split(/[.!?;:,](?!\d)|[\n()]+|\band\b/i)
    .map(phraseOf)
    .filter((phrase) => phrase !== '');
  return [...new Set(phrases)].sort();
}

function phraseOf(text: string): string {
  const bare = wordsOf(text)
    .filter((word) => !EMPTY_WORDS.has(word))
    .join(' ')
    .replace(ASKING, '');
  const words = bare.split(' ');
  const of = words.findIndex((word) => OF.has(word));
  const [before, after] = [words.slice(0, of), words.slice(of + 1)];
  const isNounPhrase =
    of > 0 && after.length > 0 && before.length <= TURNED && after.length <= TURNED && !RELATION.test(bare);
  return isNounPhrase ? [...after, ...before].join(' ') : bare;
}

/** With these in it a phrase is more than a name. */
const RELATION = /\b(to|from|into|than|not|no|without|with|in|by|at|versus|vs|before|after)\b/;

/** A number is a word with its point and its sign; "C++" and "C#" are not "C". */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/(?<=\p{L})['’](?=\p{L})/gu, '')
      .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
      .match(/[$€£%]|(?<![\p{L}\p{N}])-?\p{N}+(?:[.,:/]\p{N}+)*\p{L}*|[\p{L}\p{N}]+[+#]*/gu) ?? []
  );
}
