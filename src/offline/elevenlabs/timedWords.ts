/** The `words` of a timed frame: the text spread evenly over the time it was spoken in, from the stream's start. */
export function timedWords(text: string, startSecs: number, endSecs: number): object[] {
  const chars = [...text];
  const at = (index: number) =>
    round(startSecs + ((endSecs - startSecs) * index) / Math.max(1, chars.length));
  const words: object[] = [];
  let index = 0;
  for (const part of text.match(/\s+|\S+/g) ?? []) {
    const from = index;
    const characters = [...part].map((char) => ({ text: char, start: at(index), end: at(++index) }));
    words.push({
      text: part,
      start: at(from),
      end: at(index),
      type: part.trim() === '' ? 'spacing' : 'word',
      speaker_id: null,
      logprob: -0.1,
      channel_index: null,
      characters,
    });
  }
  return words;
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
