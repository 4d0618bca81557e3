const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/\bwon't\b/g, 'will not'],
  [/\b(can't|cannot)\b/g, 'can not'],
  [/n't\b/g, ' not'],
  [/'re\b/g, ' are'],
  [/'m\b/g, ' am'],
  [/'ll\b/g, ' will'],
  [/'ve\b/g, ' have'],
  [/'d\b/g, ' would'],
  [/\blet's\b/g, 'let us'],
  [/'s\b/g, ' is'],
  [/\bgonna\b/g, 'going to'],
  [/\bwanna\b/g, 'want to'],
  [/\bdunno\b/g, 'do not know'],
];

/** The words of a text in one spelling: lower case, no punctuation, short forms written out. */
export function words(text: string): readonly string[] {
  const plain = ENDINGS.reduce(
    (spelt, [ending, full]) => spelt.replace(ending, full),
    text.toLowerCase().replace(/[‘’]/g, "'"),
  );
  return plain.match(/[a-z0-9]+/g) ?? [];
}
