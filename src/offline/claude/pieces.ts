/** Splits speech into deltas of one or two words, as the vendor's tokens roughly fall. */
export function textPieces(text: string): string[] {
  const words = text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
  const pieces: string[] = [];
  for (let i = 0; i < words.length; ) {
    const size = i % 3 === 0 ? 1 : 2;
    pieces.push(words.slice(i, i + size).join(''));
    i += size;
  }
  return pieces;
}

/** Splits JSON where a naive parser trips: after each backslash, inside strings, numbers and names. Never inside a character. */
export function jsonPieces(json: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let length = 3;
  for (const character of json) {
    piece += character;
    if (character === '\\' || [...piece].length >= length) {
      pieces.push(piece);
      piece = '';
      length = (length % 11) + 2;
    }
  }
  return piece === '' ? pieces : [...pieces, piece];
}
