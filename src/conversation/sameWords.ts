/** Spellings that recognisers choose between. */
const FOLDED: Readonly<Record<string, string>> = {
  ok: 'okay',
  colour: 'color',
  favourite: 'favorite',
  centre: 'center',
  gonna: 'going to',
  wanna: 'want to',
  "what's": 'what is',
  "it's": 'it is',
  "i'd": 'i would',
  "i'm": 'i am',
  "that's": 'that is',
};

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Whether two transcripts hold the same words; case, punctuation and spelling variants do not count. */
export function sameWords(one: string, other: string): boolean {
  return fold(one) === fold(other);
}

function fold(text: string): string {
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}']+/gu) ?? [];
  return words.map((word) => FOLDED[word] ?? NUMBERS[Number(word)] ?? word).join(' ');
}
