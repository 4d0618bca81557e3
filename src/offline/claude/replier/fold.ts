/**
 * Speech reduced to plain words for matching: lower case, no accents, apostrophes or punctuation, arithmetic signs as
 * words. Speech recognition is free with all of these.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/(\d),(?=\d{3})/g, '$1')
    .replace(/['’]/g, '')
    .replace(/\+/g, ' plus ')
    .replace(/[×*]|(?<=\d )x(?= \d)/g, ' times ')
    .replace(/[÷/]/g, ' divided by ')
    .replace(/(?<=\d\s*)[-−](?=\s*\d)/g, ' minus ')
    .replace(/%/g, ' percent ')
    .replace(/(\d)\.(?=\d)/g, '$1 point ')
    .replace(/[^\p{Letter}\d]+/gu, ' ')
    .trim();
}
